namespace MailSuite.Bench.Mailboxes.Model;

/// <summary>One message as a session knows it.</summary>
internal sealed class Entry
{
    /// <summary>0 before it was told.</summary>
    public uint Uid { get; set; }

    /// <summary>Sorted and in small letters, without \Recent; <see langword="null"/> before they were told.</summary>
    public string? Flags { get; set; }

    public long ModSeq { get; set; }

    public string? Identity { get; set; }

    public bool Has(string flag) => Flags is not null && $" {Flags} ".Contains($" {flag} ", StringComparison.OrdinalIgnoreCase);

    public static string Normalise(IEnumerable<string> flags) =>
        string.Join(' ', flags.Select(flag => flag.ToLowerInvariant()).Where(flag => flag != "\\recent").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
