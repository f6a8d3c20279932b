using MailSuite.Mta.Envelope;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>A service extension (RFC 5321 §2.2): its line in the reply to EHLO, and its parameters of MAIL and RCPT where it has some.</summary>
internal interface ISmtpExtension
{
    /// <summary>The EHLO line; <see langword="null"/> where the extension would not work in this session.</summary>
    string? Offer(SmtpSession session);

    /// <summary>Whether its line is one of a few; where it changes with time the reply to EHLO is made each time.</summary>
    bool HasFewLines => true;

    /// <summary>The keywords of its parameters of MAIL, in upper case.</summary>
    IReadOnlyList<string> MailParameters => [];

    /// <summary>The keywords of its parameters of RCPT, in upper case.</summary>
    IReadOnlyList<string> RcptParameters => [];

    /// <summary>Takes a parameter of MAIL into the transaction that is about to begin. They come in the order in which the client gave them.</summary>
    /// <returns>The refusal; <see langword="null"/> when all is well.</returns>
    SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction) => null;

    /// <summary>Takes a parameter of RCPT into the recipient that is about to be judged.</summary>
    /// <returns>The refusal; <see langword="null"/> when all is well.</returns>
    SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, ref EnvelopeRecipient recipient) => null;
}
