namespace MailSuite.Mua.Compose;

/// <summary>Where on the form something is wrong.</summary>
internal enum DraftField
{
    /// <summary>The message as a whole.</summary>
    Message,
    To,
    Cc,
    Bcc,
    Subject,
    Text,
    Attachments,
}

internal sealed record DraftError(DraftField Field, string Reason);
