namespace MailSuite.Shared.Journey;

/// <summary>What happened to the message. Kept on disk by its number: a number is never given a new meaning.</summary>
public enum JourneyStep
{
    /// <summary>A person wrote it in a MUA of ours.</summary>
    Composed = 1,

    /// <summary>A MUA handed it to the MSA (RFC 6409).</summary>
    Submitted = 2,

    /// <summary>The MTA took responsibility for it: 250 after the end of data (RFC 5321 §6.1).</summary>
    Accepted = 3,

    /// <summary>The MTA said no in the session; nobody here holds the message.</summary>
    Refused = 4,

    /// <summary>A policy looked at it.</summary>
    Checked = 5,

    /// <summary>The next host was chosen.</summary>
    Routed = 6,

    /// <summary>Another host was tried and could not take it now; it stays in the queue.</summary>
    Deferred = 7,

    /// <summary>Another host answered 250: it is theirs now.</summary>
    Relayed = 8,

    /// <summary>The MDA has it on disk.</summary>
    Delivered = 9,

    /// <summary>It lies in a mailbox under a UID.</summary>
    Filed = 10,

    /// <summary>A person, or a program for one, read it.</summary>
    Fetched = 11,

    /// <summary>It could not be delivered and its sender was told by a DSN (RFC 3464).</summary>
    Bounced = 12,

    /// <summary>It waits in the spool for another host.</summary>
    Queued = 13,

    /// <summary>Its sender was told by a DSN that it is late, or that it has arrived (RFC 3461).</summary>
    Reported = 14,

    /// <summary>It stood on the screen of somebody who was there (RFC 821 §3.4).</summary>
    Shown = 15,

    /// <summary>A person has told the queue what to do with it.</summary>
    Ordered = 16,

    /// <summary>Another host has reported what became of it (RFC 3464). Its word, and not ours.</summary>
    Heard = 17,
}
