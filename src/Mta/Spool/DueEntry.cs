namespace MailSuite.Mta.Spool;

/// <summary>An entry with its place in the order of due times.</summary>
/// <param name="At">When it is due, in milliseconds since 1970.</param>
internal readonly record struct DueEntry(long At, QueueEntry Entry)
{
    public DuePlace Place => new(At, Entry.MessageKey, Entry.Destination);
}

/// <summary>A place in the order of due times: the instant, then the message, then the destination.</summary>
internal readonly record struct DuePlace(long At, long MessageKey, string Destination)
{
    /// <summary>In front of everything that is due at an instant or later.</summary>
    public static DuePlace Before(DateTimeOffset at) => new(at.ToUnixTimeMilliseconds(), long.MinValue, "");

    /// <summary>Behind everything that is due at an instant.</summary>
    public static DuePlace Behind(DateTimeOffset at) => new(at.ToUnixTimeMilliseconds(), long.MaxValue, "");

    /// <summary>In front of everything.</summary>
    public static DuePlace Start => new(long.MinValue, 0, "");
}
