using System.Collections.Immutable;
using MailSuite.Mda.Imap.Grammar;

namespace MailSuite.Mda.Search.Sorting;

/// <summary>RFC 5256 §3 and, the DISPLAY ones, RFC 5957 §3.</summary>
internal enum SortField
{
    Arrival,
    Cc,
    Date,
    From,
    Size,
    Subject,
    To,
    DisplayFrom,
    DisplayTo,
}

/// <summary>One key of a SORT.</summary>
internal readonly record struct SortKey(SortField Field, bool IsReversed)
{
    /// <summary>More keys than there are fields would not change anything.</summary>
    private const int MaxKeys = 18;

    /// <summary>Keys between parentheses.</summary>
    internal static bool TryReadList(ref ImapParser parser, out ImmutableArray<SortKey> keys)
    {
        keys = [];
        if (!parser.TryOpen())
            return false;

        var list = ImmutableArray.CreateBuilder<SortKey>(2);
        do
        {
            var isReversed = parser.TryWord("REVERSE"u8);
            if (isReversed && !parser.TrySpace() || !TryField(ref parser, out var field) || list.Count == MaxKeys)
                return false;
            list.Add(new SortKey(field, isReversed));
        }
        while (parser.TrySpace());

        keys = list.DrainToImmutable();
        return parser.TryClose();
    }

    private static bool TryField(ref ImapParser parser, out SortField field)
    {
        (field, var isKnown) = parser.TryWord("ARRIVAL"u8) ? (SortField.Arrival, true)
            : parser.TryWord("CC"u8) ? (SortField.Cc, true)
            : parser.TryWord("DATE"u8) ? (SortField.Date, true)
            : parser.TryWord("FROM"u8) ? (SortField.From, true)
            : parser.TryWord("SIZE"u8) ? (SortField.Size, true)
            : parser.TryWord("SUBJECT"u8) ? (SortField.Subject, true)
            : parser.TryWord("TO"u8) ? (SortField.To, true)
            : parser.TryWord("DISPLAYFROM"u8) ? (SortField.DisplayFrom, true)
            : parser.TryWord("DISPLAYTO"u8) ? (SortField.DisplayTo, true)
            : (default, false);
        return isKnown;
    }
}
