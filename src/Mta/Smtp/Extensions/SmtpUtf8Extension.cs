using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>SMTPUTF8 (RFC 6531): addresses and header in UTF-8, for a transaction that says so at MAIL.</summary>
internal sealed class SmtpUtf8Extension : ISmtpExtension
{
    private const string Keyword = "SMTPUTF8";

    public string Offer(SmtpSession session) => Keyword;

    public IReadOnlyList<string> MailParameters { get; } = [Keyword];

    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction)
    {
        if (parameter.Value is not null)
            return SmtpReplies.BadParameter;

        transaction.SmtpUtf8 = true;
        return null;
    }
}
