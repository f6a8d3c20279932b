using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>8BITMIME (RFC 6152): octets above 127 in the body are kept as they are; BODY says that there may be some, or any (RFC 3030 §3).</summary>
internal sealed class EightBitMimeExtension : ISmtpExtension
{
    public string Offer(SmtpSession session) => "8BITMIME";

    public IReadOnlyList<string> MailParameters { get; } = ["BODY"];

    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction)
    {
        switch (parameter.Value?.ToUpperInvariant())
        {
            case "7BIT":
                transaction.Body = BodyType.SevenBit;
                return null;
            case "8BITMIME":
                transaction.Body = BodyType.EightBitMime;
                return null;
            case "BINARYMIME":
                transaction.Body = BodyType.Binary;
                return null;
            default:
                return SmtpReplies.BadParameter;
        }
    }
}
