using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Queue;

/// <summary>An entry that is to be tried, or is under way.</summary>
/// <param name="message">Handed over by acceptance with its octets; <see langword="null"/> when it is to be read from the spool.</param>
internal sealed class Ready(QueueEntry entry, QueuedMessage? message)
{
    public QueueEntry Entry => entry;

    public QueuedMessage? Message => message;

    /// <summary>Whether it has just come in, and has its octets in memory.</summary>
    public bool IsFresh => message is not null;

    /// <summary>Whether a session that fetches its mail has it.</summary>
    public bool IsLent { get; init; }

    /// <summary>The instant for which it was found, in milliseconds since 1970; 0 when it was found otherwise.</summary>
    public long DueAt { get; init; }

    /// <summary>When its attempt began, which knows nothing of what came due later; <see langword="null"/> while it waits.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Whether it is under way in one of the places for what was read from disk.</summary>
    public bool TakesPlaceOfDisk { get; set; }

    /// <summary>The lane that it waits or runs in, by name.</summary>
    public string Lane { get; set; } = "";
}
