using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>VRFY: is there such a mailbox? Answered to the authenticated; others hear 252, so that nobody collects addresses (RFC 5321 §7.3).</summary>
internal sealed class VrfyCommand(IRecipientDirectory directory) : ISmtpCommand
{
    public string Verb => "VRFY";

    public string Syntax => "VRFY user@example.net";

    public SmtpStates AllowedIn => SmtpStates.Any;

    public bool EndsGroup => true;

    public bool IsIdle => true;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        var text = arguments is ['<', .. var inner, '>'] ? inner : arguments;
        if (text.Length == 0)
            return SmtpReplies.BadVrfySyntax;

        if (session.Account is null || !EnvelopeAddress.TryParse(text, out var address))
            return SmtpReplies.CannotVerify;

        // Only SMTPUTF8 may make a reply carry other characters than ASCII (RFC 6531 §3.7.4.2).
        if (!address.IsAscii)
            return SmtpReplies.CannotVerify;

        return await directory.JudgeAsync(address, CancellationToken.None) switch
        {
            RecipientVerdict.Local => SmtpReplies.Verified(address),
            RecipientVerdict.NoSuchMailbox => SmtpReplies.Of(StatusCodes.NoSuchMailbox, "No such mailbox here"),
            RecipientVerdict.Unavailable unavailable => SmtpReplies.Of(unavailable.Status, unavailable.Reason),
            _ => SmtpReplies.CannotVerify,
        };
    }
}
