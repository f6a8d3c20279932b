namespace MailSuite.Mta.Spool;

/// <summary>What the sender of a recipient that waits has now been told.</summary>
/// <param name="RecipientKey">The recipient's row.</param>
/// <param name="Next">When there is something to be looked at again.</param>
internal readonly record struct NoticeTaken(long RecipientKey, DelayWarnings Warnings, DateTimeOffset Next);
