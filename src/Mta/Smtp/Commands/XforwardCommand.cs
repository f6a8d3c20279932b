using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>
/// XFORWARD: a content filter says from where it had the message that comes next, for log and journey alone (Postfix's XFORWARD_README). It may come in
/// pieces, and counts up to the end of the transaction.
/// </summary>
internal sealed class XforwardCommand(MtaOptions options) : ISmtpCommand
{
    public string Verb => XforwardExtension.Keyword;

    public string Syntax => $"XFORWARD attribute=value …, attributes {string.Join(' ', ClientAttributes.OfXforward)}";

    public SmtpStates AllowedIn => SmtpStates.Connected | SmtpStates.Ready;

    public ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!ClientAttributes.TryRead(arguments, ClientAttributes.OfXforward, session.Client.Origin ?? ClientAttributes.None, out var told))
            return new(SmtpReplies.BadXforwardSyntax);

        if (!XforwardExtension.IsFor(session, options))
            return new(SmtpReplies.NotAProxy);

        session.Forward(told);
        return new(SmtpReplies.Ok);
    }
}
