using System.Text;
using MailSuite.Mda.Imap.Capabilities;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>LOGIN (RFC 9051 §6.2.3): name and password as they are. Only over TLS, unless the options allow otherwise.</summary>
internal sealed class LoginCommand(IAccounts accounts, SignIn signIn, ImapOptions options) : IImapCommand
{
    public string Name => "LOGIN";

    public ImapStates AllowedIn => ImapStates.NotAuthenticated;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (!SignInPolicy.MaySignIn(session.Connection.Tls, options))
            return ImapAnswers.PrivacyRequired;
        if (!SignInPolicy.MayLogin(session.Connection.Tls, options))
            return ImapAnswers.NoSuchMechanism;

        if (!TryParse(line, out var userName, out var password))
            return ImapAnswers.Syntax;

        var outcome = await accounts.AuthenticateAsync(userName, password, session.Connection.Address, cancellationToken);
        return await signIn.ConcludeAsync(session, outcome, Name, cancellationToken);
    }

    private static bool TryParse(ImapCommandLine line, out string userName, out string password)
    {
        userName = password = "";
        var parser = line.Parse();
        return parser.TryAString(out var name) && parser.TrySpace() && parser.TryAString(out var secret) && parser.IsAtEnd
            && TryText(name, out userName) && TryText(secret, out password);
    }

    private static bool TryText(ReadOnlySpan<byte> octets, out string text)
    {
        text = System.Text.Unicode.Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : "";
        return text.Length > 0 || octets.IsEmpty;
    }
}
