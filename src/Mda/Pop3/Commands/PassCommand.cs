using MailSuite.Mda.Pop3.Replies;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>PASS: the password, spaces included (RFC 1939 §7).</summary>
internal sealed class PassCommand(IAccounts accounts, MdaOptions options) : IPop3Command
{
    public string Keyword => "PASS";

    public Pop3States AllowedIn => Pop3States.Authorization;

    public async ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (SignIn.RefusalOfPasswords(session, options.Pop3) is { } refusal)
            return refusal;
        if (session.UserName is not { } name)
            return Pop3Replies.NameFirst;

        session.UserName = null;
        if (arguments.Length == 0)
            return Pop3Replies.BadPassword;
        return await session.ConcludeAsync(await accounts.AuthenticateAsync(name, arguments, session.Address, CancellationToken.None));
    }
}
