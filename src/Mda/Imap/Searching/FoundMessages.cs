using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Imap.Searching;

/// <summary>A result: messages in the order in which they are told, which for SEARCH is that of the mailbox.</summary>
/// <param name="Indexes">Into <paramref name="Messages"/>.</param>
internal sealed record FoundMessages(MailboxSnapshot Messages, MailboxSnapshot Flags, int[] Indexes)
{
    internal uint[] Numbers(bool byUid) => Array.ConvertAll(Indexes, index => byUid ? Messages[index].Uid : (uint)index + 1);

    /// <summary>A part of the result (RFC 9394 §3.1).</summary>
    internal FoundMessages Slice(MessageSlice slice)
    {
        long first = slice.First;
        long last = slice.Last;
        if (slice.FromEnd)
            (first, last) = (Indexes.Length + 1 - last, Indexes.Length + 1 - first);
        first = Math.Max(first, 1);
        last = Math.Min(last, Indexes.Length);
        return this with { Indexes = first > last ? [] : Indexes[(int)(first - 1)..(int)last] };
    }

    /// <summary>The part that the options are about: the first, the last, some or all (RFC 4731 §3.2, RFC 5182 §2.1).</summary>
    internal FoundMessages Concerned(SearchReturn wanted)
    {
        if (Indexes.Length == 0 || wanted.Has(SearchReturnOptions.All | SearchReturnOptions.Count) || !wanted.TellsSomething)
            return this;

        var some = new HashSet<int>();
        if (wanted.Has(SearchReturnOptions.Min))
            some.Add(Indexes[0]);
        if (wanted.Has(SearchReturnOptions.Max))
            some.Add(Indexes[^1]);
        if (wanted.Partial is { } slice)
            some.UnionWith(Slice(slice).Indexes);
        return this with { Indexes = [.. some] };
    }

    /// <summary>The highest ModSeq of them; 0 when there are none.</summary>
    internal long HighestModSeq()
    {
        long highest = 0;
        foreach (var index in Indexes)
        {
            var entry = Messages[index];
            if (!ReferenceEquals(Messages, Flags) && Flags.IndexOf(entry.Uid) is var now and >= 0)
                entry = Flags[now];
            highest = Math.Max(highest, entry.ModSeq);
        }

        return highest;
    }
}
