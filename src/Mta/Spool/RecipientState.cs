namespace MailSuite.Mta.Spool;

/// <summary>How far one recipient of a spooled message is (README.md). Kept on disk by its number: a number is never given a new meaning.</summary>
internal enum RecipientState
{
    /// <summary>To be tried at its next attempt.</summary>
    Waiting = 0,

    /// <summary>Another host, or the MDA, has taken responsibility.</summary>
    Delivered = 1,

    /// <summary>It will never be delivered, and the report of that, to its sender or to the postmaster, is not made yet.</summary>
    Failed = 2,

    /// <summary>The report is in the spool.</summary>
    Reported = 3,

    /// <summary>It will never be delivered and nobody may be told: the reverse-path is null (RFC 5321 §4.5.5), and the postmaster is not to hear of it either.</summary>
    Undeliverable = 4,

    /// <summary>In the mailbox, and the report that its sender asked for is not made yet (RFC 3461 §6.2.7).</summary>
    DeliveredUntold = 5,

    /// <summary>At another host, which does not promise what was asked for, and the report of that is not made yet (RFC 3461 §5.2.2, RFC 2852 §4.1.4).</summary>
    RelayedUntold = 6,

    /// <summary>As <see cref="DeliveredUntold"/>, of an alias: in the mailboxes of all its accounts.</summary>
    ExpandedUntold = 7,

    /// <summary>It will never be delivered, and its sender asked not to be told (RFC 3461 §4.1).</summary>
    FailedSilently = 8,

    /// <summary>A person holds it: neither tried nor given up until it is released.</summary>
    Held = 9,

    /// <summary>A person has given it up and nobody is told.</summary>
    Dropped = 10,
}
