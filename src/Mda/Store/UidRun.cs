namespace MailSuite.Mda.Store;

/// <summary>UIDs that follow one another without a gap, both ends included.</summary>
internal readonly record struct UidRun(uint First, uint Last)
{
    /// <summary>The runs of UIDs in any order; of one that comes twice only the first counts.</summary>
    internal static IReadOnlyList<UidRun> Of(IReadOnlyList<uint> uids)
    {
        if (uids.Count == 0)
            return [];

        uint[] sorted = [.. uids];
        Array.Sort(sorted);
        var runs = new List<UidRun>();
        var run = new UidRun(sorted[0], sorted[0]);
        foreach (var uid in sorted)
        {
            // Not "uid > last + 1", which the last of all UIDs would turn around.
            if (uid - run.Last > 1)
            {
                runs.Add(run);
                run = new UidRun(uid, uid);
            }
            else
            {
                run = run with { Last = uid };
            }
        }

        runs.Add(run);
        return runs;
    }
}
