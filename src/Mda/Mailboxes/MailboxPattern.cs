using System.Buffers;

namespace MailSuite.Mda.Mailboxes;

/// <summary>A pattern of LIST: <c>*</c> stands for anything, <c>%</c> for anything within a level (RFC 9051 §6.3.9).</summary>
/// <remarks>Its work on a name is bounded by octets of the name times wildcards, whatever it looks like: there is no backtracking.</remarks>
internal sealed class MailboxPattern
{
    /// <summary>Wildcards in a pattern; clients send one or two.</summary>
    internal const int MaxWildcards = 20;

    private readonly string[] _tokens;

    private MailboxPattern(string[] tokens) => _tokens = tokens;

    /// <summary>Whether its end matches levels above a mailbox that are none themselves.</summary>
    internal bool IsPlainName => _tokens.Length == 1 && !IsWildcard(_tokens[0]);

    /// <param name="text">The reference followed by the mailbox argument, decoded. In NFC, as names are.</param>
    /// <returns><see langword="null"/> when it is too long or has too many wildcards: it matches nothing that there is.</returns>
    internal static MailboxPattern? Parse(string text)
    {
        if (text.Length > MailboxName.MaxOctets * 2)
            return null;
        if (!System.Text.Ascii.IsValid(text))
        {
            if (!IsUnicode(text))
                return null;
            text = text.Normalize(System.Text.NormalizationForm.FormC);
        }

        var tokens = new List<string>();
        var wildcards = 0;
        for (var i = 0; i < text.Length;)
        {
            var end = text.AsSpan(i).IndexOfAny('*', '%');
            if (end != 0)
            {
                end = end < 0 ? text.Length : i + end;
                tokens.Add(text[i..end]);
                i = end;
                continue;
            }

            // Neighbours say no more than the strongest of them.
            var any = false;
            while (i < text.Length && text[i] is '*' or '%')
                any |= text[i++] == '*';
            tokens.Add(any ? "*" : "%");
            if (++wildcards > MaxWildcards)
                return null;
        }

        return new MailboxPattern([.. tokens]);
    }

    /// <summary>Whether a name of the kept form matches. INBOX does so in any case.</summary>
    internal bool Matches(string name)
    {
        if (_tokens is ["*"])
            return true;
        if (_tokens is ["%"])
            return !name.Contains(MailboxName.Separator, StringComparison.Ordinal);

        var folded = name.StartsWith(MailboxName.Inbox, StringComparison.Ordinal) && (name.Length == MailboxName.Inbox.Length || name[MailboxName.Inbox.Length] == MailboxName.Separator)
            ? MailboxName.Inbox.Length
            : 0;
        var rented = ArrayPool<bool>.Shared.Rent((name.Length + 1) * 2);
        var reached = rented.AsSpan(0, name.Length + 1);
        var next = rented.AsSpan(name.Length + 1, name.Length + 1);
        reached.Clear();
        reached[0] = true;
        foreach (var token in _tokens)
        {
            next.Clear();
            if (IsWildcard(token))
                Spread(reached, next, name, token[0] == '*');
            else
                Advance(reached, next, name, token, folded);
            var swap = reached;
            reached = next;
            next = swap;
        }

        var matches = reached[name.Length];
        ArrayPool<bool>.Shared.Return(rented);
        return matches;
    }

    private static bool IsWildcard(string token) => token is "*" or "%";

    private static void Spread(ReadOnlySpan<bool> reached, Span<bool> next, string name, bool acrossLevels)
    {
        var on = false;
        for (var i = 0; i <= name.Length; i++)
        {
            on = reached[i] || (on && (acrossLevels || name[i - 1] != MailboxName.Separator));
            next[i] = on;
        }
    }

    private static void Advance(ReadOnlySpan<bool> reached, Span<bool> next, string name, string literal, int folded)
    {
        for (var i = 0; i + literal.Length <= name.Length; i++)
        {
            if (reached[i] && IsAt(name, i, literal, folded))
                next[i + literal.Length] = true;
        }
    }

    private static bool IsAt(string name, int at, string literal, int folded)
    {
        var fold = Math.Clamp(folded - at, 0, literal.Length);
        return name.AsSpan(at, fold).Equals(literal.AsSpan(0, fold), StringComparison.OrdinalIgnoreCase)
            && name.AsSpan(at + fold, literal.Length - fold).SequenceEqual(literal.AsSpan(fold));
    }

    private static bool IsUnicode(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0xFFFD)
                return false;
        }

        return true;
    }
}
