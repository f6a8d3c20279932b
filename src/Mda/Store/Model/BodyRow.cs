namespace MailSuite.Mda.Store.Model;

/// <summary>What is known of a message's octets, shared by all mailboxes it lies in.</summary>
internal sealed class BodyRow
{
    public long Id { get; init; }

    /// <summary>Rows of <c>message</c> that point here.</summary>
    public long Refs { get; init; }

    /// <summary>Octets with the prefix.</summary>
    public long Octets { get; init; }

    /// <summary>The Return-Path line with its CRLF, put in front of the octets; <see langword="null"/> for a message that was appended.</summary>
    public byte[]? Prefix { get; init; }

    /// <summary>The name of the file below <c>bodies/</c>; <see langword="null"/> when the octets are in <c>body_octets</c>.</summary>
    public string? File { get; init; }

    public string? MessageId { get; init; }

    public string? InReplyTo { get; init; }

    /// <summary>Message-ids of the References field, oldest first, separated by spaces.</summary>
    public string? References { get; init; }

    /// <summary>The Date field.</summary>
    public long? SentAt { get; init; }

    public required string Subject { get; init; }

    public required string FromName { get; init; }

    public required string FromAddress { get; init; }

    public required string ToNames { get; init; }

    /// <summary>The subject as it is searched, folded by <see cref="Search.SearchKey"/>.</summary>
    public required string SubjectKey { get; init; }

    public required string FromKey { get; init; }

    public required string ToKey { get; init; }

    /// <summary><see langword="null"/> until it was derived.</summary>
    public string? Preview { get; init; }

    /// <summary>0 or 1; <see langword="null"/> until it was derived.</summary>
    public int? HasAttachments { get; init; }
}
