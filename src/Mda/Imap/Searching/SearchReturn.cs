using MailSuite.Mda.Imap.Grammar;

namespace MailSuite.Mda.Imap.Searching;

/// <summary>What is to be told of a result (RFC 9051 §6.4.4; RFC 5267 §4 has UPDATE and CONTEXT).</summary>
[Flags]
internal enum SearchReturnOptions
{
    None = 0,
    Min = 1,
    Max = 2,
    All = 4,
    Count = 8,
    Save = 16,
    Update = 32,

    /// <summary>A hint that the same is searched again; we are quick without it.</summary>
    Context = 64,
}

/// <param name="IsExtended">RETURN was said: the answer is ESEARCH.</param>
/// <param name="Partial">RFC 9394: only these of the result.</param>
internal readonly record struct SearchReturn(bool IsExtended, SearchReturnOptions Options, MessageSlice? Partial)
{
    internal static readonly SearchReturn Plain = new(IsExtended: false, SearchReturnOptions.All, Partial: null);

    /// <summary>Something of the result is told; without it SAVE alone only saves.</summary>
    internal bool TellsSomething => Partial is not null || Has(SearchReturnOptions.Min | SearchReturnOptions.Max | SearchReturnOptions.All | SearchReturnOptions.Count);

    internal bool Has(SearchReturnOptions any) => (Options & any) != SearchReturnOptions.None;

    /// <summary>RETURN with its options and the space after them, if it is there.</summary>
    /// <returns><see langword="false"/> when it is there and wrong.</returns>
    internal static bool TryRead(ref ImapParser parser, out SearchReturn result)
    {
        result = Plain;
        if (!parser.TryWord("RETURN"u8))
            return true;
        if (!parser.TrySpace() || !parser.TryOpen())
            return false;

        var options = SearchReturnOptions.None;
        MessageSlice? partial = null;
        if (!parser.TryClose())
        {
            do
            {
                if (!TryOption(ref parser, ref options, ref partial))
                    return false;
            }
            while (parser.TrySpace());
            if (!parser.TryClose())
                return false;
        }

        // One may ask for all or for a part of it (RFC 9394 §3.1).
        if (partial is not null && (options & SearchReturnOptions.All) != SearchReturnOptions.None)
            return false;
        result = new SearchReturn(IsExtended: true, options, partial);
        if (!result.TellsSomething && !result.Has(SearchReturnOptions.Save))
            result = result with { Options = options | SearchReturnOptions.All };
        return parser.TrySpace();
    }

    private static bool TryOption(ref ImapParser parser, ref SearchReturnOptions options, ref MessageSlice? partial)
    {
        if (parser.TryWord("PARTIAL"u8))
        {
            if (partial is not null || !parser.TrySpace() || !parser.TryMessageSlice(out var slice))
                return false;
            partial = slice;
            return true;
        }

        var option = parser.TryWord("MIN"u8) ? SearchReturnOptions.Min
            : parser.TryWord("MAX"u8) ? SearchReturnOptions.Max
            : parser.TryWord("ALL"u8) ? SearchReturnOptions.All
            : parser.TryWord("COUNT"u8) ? SearchReturnOptions.Count
            : parser.TryWord("SAVE"u8) ? SearchReturnOptions.Save
            : parser.TryWord("UPDATE"u8) ? SearchReturnOptions.Update
            : parser.TryWord("CONTEXT"u8) ? SearchReturnOptions.Context
            : SearchReturnOptions.None;
        options |= option;
        return option != SearchReturnOptions.None;
    }
}
