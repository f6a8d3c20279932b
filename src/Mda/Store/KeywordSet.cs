namespace MailSuite.Mda.Store;

/// <summary>The keywords of a message (RFC 9051 §2.3.2): a set that never changes, shared by all messages that have just these.</summary>
internal sealed class KeywordSet
{
    internal static readonly KeywordSet Empty = new(0, string.Empty);

    internal KeywordSet(int id, string text)
    {
        Id = id;
        Text = text;
        Names = text.Length == 0 ? [] : text.Split(' ');
    }

    internal int Id { get; }

    /// <summary>As it is stored: sorted without regard to case, separated by single spaces.</summary>
    internal string Text { get; }

    internal IReadOnlyList<string> Names { get; }

    /// <summary>Whether a keyword is in it, without regard to case.</summary>
    internal bool Contains(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The text of a set of these names, each once.</summary>
    internal static string TextOf(IEnumerable<string> names) =>
        string.Join(' ', names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase));
}
