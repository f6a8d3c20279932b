namespace MailSuite.Mda.Store.Model;

/// <summary>A set of keywords (RFC 9051 §2.3.2) that messages point to; never changed, since many share it.</summary>
internal sealed class KeywordSetRow
{
    public int Id { get; init; }

    /// <summary>Sorted without regard to case, separated by spaces.</summary>
    public required string Names { get; init; }
}
