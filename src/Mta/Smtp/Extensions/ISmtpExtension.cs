using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>A service extension (RFC 5321 §2.2): its line in the reply to EHLO, and its parameter of MAIL where it has one.</summary>
internal interface ISmtpExtension
{
    /// <summary>The EHLO line; <see langword="null"/> where the extension would not work in this session.</summary>
    string? Offer(SmtpSession session);

    /// <summary>The keyword of its parameter of MAIL, in upper case; <see langword="null"/> for none.</summary>
    string? MailParameter => null;

    /// <summary>Takes its parameter into the transaction that is about to begin.</summary>
    /// <returns>The refusal; <see langword="null"/> when all is well.</returns>
    SmtpReply? Apply(EsmtpParameter parameter, SmtpTransaction transaction) => null;
}
