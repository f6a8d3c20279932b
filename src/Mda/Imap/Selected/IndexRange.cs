namespace MailSuite.Mda.Imap.Selected;

/// <summary>Messages that follow one another, by their index: the sequence number − 1. Both ends belong to it.</summary>
internal readonly record struct IndexRange(int First, int Last)
{
    internal int Count => Last - First + 1;

    /// <summary>How many messages some ranges have together.</summary>
    internal static int CountOf(IReadOnlyList<IndexRange> ranges)
    {
        var count = 0;
        foreach (var range in ranges)
            count += range.Count;
        return count;
    }

    /// <summary>Some of the messages by their place among them (RFC 9394 §3.3): the first is 1; counted from the end where <paramref name="fromEnd"/>.</summary>
    internal static List<IndexRange> Slice(IReadOnlyList<IndexRange> ranges, long first, long last, bool fromEnd)
    {
        var count = CountOf(ranges);
        if (fromEnd)
            (first, last) = (count + 1 - last, count + 1 - first);

        var slice = new List<IndexRange>();
        long place = 1;
        foreach (var range in ranges)
        {
            var from = Math.Max(first, place);
            var to = Math.Min(last, place + range.Count - 1);
            if (from <= to)
                slice.Add(new IndexRange(range.First + (int)(from - place), range.First + (int)(to - place)));
            place += range.Count;
        }

        return slice;
    }
}
