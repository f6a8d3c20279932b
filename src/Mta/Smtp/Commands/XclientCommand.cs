using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>XCLIENT: a server in front of ours says who its client is, and the session begins anew as that client's (Postfix's XCLIENT_README).</summary>
/// <remarks>
/// Whether it may is asked of the client that the session has now: after XCLIENT that is the one in front, whose words such a server passes on, and
/// which must not become somebody else.
/// </remarks>
internal sealed class XclientCommand(IAccounts accounts, MtaOptions options) : ISmtpCommand
{
    public string Verb => XclientExtension.Keyword;

    public string Syntax => $"XCLIENT attribute=value …, attributes {string.Join(' ', ClientAttributes.OfXclient)}";

    public SmtpStates AllowedIn => SmtpStates.Connected | SmtpStates.Ready;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!ClientAttributes.TryRead(arguments, ClientAttributes.OfXclient, session.Client.Told, out var told))
            return SmtpReplies.BadXclientSyntax;

        if (!XclientExtension.IsFor(session, options))
            return SmtpReplies.NotAProxy;

        var account = session.Account;
        if (told.Login.IsTold)
        {
            account = told.Login.Value is { } login ? await FindAsync(login) : null;
            if (account is null && told.Login.HasValue)
                return SmtpReplies.NoSuchLogin;
        }

        return await session.BecomeAsync(session.Client.ToldBy(told), account);
    }

    private async ValueTask<Account?> FindAsync(string login) =>
        EnvelopeAddress.TryParse(login, out var address) ? await accounts.FindAsync(address, CancellationToken.None) : null;
}
