using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>UIDs that follow one another; both ends belong to it.</summary>
internal readonly record struct UidRange(uint First, uint Last)
{
    /// <summary>The shortest ranges for some UIDs in ascending order: neighbours stand together.</summary>
    internal static List<UidRange> Of(IEnumerable<uint> uids)
    {
        var ranges = new List<UidRange>();
        foreach (var uid in uids)
        {
            if (ranges.Count > 0 && ranges[^1].Last + 1 == uid)
                ranges[^1] = ranges[^1] with { Last = uid };
            else
                ranges.Add(new UidRange(uid, uid));
        }

        return ranges;
    }

    /// <summary>The messages of a snapshot that lie in it.</summary>
    internal bool TryFind(MailboxSnapshot messages, out IndexRange range)
    {
        var first = messages.LowerBound(First);
        var last = (Last == uint.MaxValue ? messages.Count : messages.LowerBound(Last + 1)) - 1;
        range = new IndexRange(first, last);
        return first <= last;
    }
}
