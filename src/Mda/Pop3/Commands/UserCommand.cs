using MailSuite.Mda.Pop3.Replies;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>USER: who signs in by PASS (RFC 1939 §7). Whether there is such an account is not told.</summary>
internal sealed class UserCommand(MdaOptions options) : IPop3Command
{
    public string Keyword => "USER";

    public Pop3States AllowedIn => Pop3States.Authorization;

    public ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (SignIn.RefusalOfPasswords(session, options.Pop3) is { } refusal)
            return new(refusal);

        var name = arguments.Trim(' ');
        session.UserName = name.Length > 0 ? name : null;
        return new(name.Length > 0 ? Pop3Replies.NameTaken : Pop3Replies.BadName);
    }
}
