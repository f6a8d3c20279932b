namespace MailSuite.Shared.Contracts.Mda;

/// <summary>The full-text index.</summary>
public sealed record SearchOptions
{
    /// <summary>Octets of a message's text that the index keeps; a search reads what is beyond from the message itself. Default 1 MiB: nearly all text that people write, a long book's first chapters.</summary>
    public int MaxTextOctets { get; init; } = 1024 * 1024;
}
