namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>ENHANCEDSTATUSCODES (RFC 2034): <see cref="Replies.SmtpReply"/> puts the code at the head of every line.</summary>
internal sealed class EnhancedStatusCodesExtension : ISmtpExtension
{
    public string Offer(SmtpSession session) => "ENHANCEDSTATUSCODES";
}
