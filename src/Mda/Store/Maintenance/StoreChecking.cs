using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Maintenance;

/// <summary>Goes through all checks; each says what it finds, and may know how to mend it.</summary>
internal static class StoreChecking
{
    /// <summary>Problems of one sort that are told; of more their number is.</summary>
    private const int MaxTold = 100;

    /// <summary>In the order in which they are repaired: octets, then what points to them, then what is counted.</summary>
    private static IEnumerable<IStoreCheck> Checks(BodyFiles bodies) =>
    [
        new IntegrityCheck(),
        .. StoreChecks.OfBodies,
        new BodyFileCheck(bodies),
        new WireCheck(),
        new LostMailboxCheck(),
        new LostBodyCheck(),
        .. StoreChecks.OfMessages,
        .. StoreChecks.OfMailboxes,
        .. StoreChecks.OfAccounts,
    ];

    internal static StoreVerification Check(StoreConnection connection, BodyFiles bodies)
    {
        var problems = new List<StoreProblem>();
        foreach (var check in Checks(bodies))
            problems.AddRange(Told(check.Find(connection)).Select(static text => new StoreProblem(text, IsRepaired: false)));
        return new StoreVerification.Done(StoreChecks.Size(connection), problems);
    }

    /// <summary>Repairs what can be, and looks again: only what is right then is called repaired.</summary>
    internal static StoreVerification Repair(WriteTurn turn, BodyFiles bodies, DateTimeOffset now)
    {
        var problems = new List<StoreProblem>();
        foreach (var check in Checks(bodies))
        {
            var found = check.Find(turn.Connection);
            if (found.Count == 0)
                continue;
            check.Repair(turn, now);
            var left = check.Find(turn.Connection).ToHashSet(StringComparer.Ordinal);
            problems.AddRange(Told([.. found.Where(text => !left.Contains(text))]).Select(static text => new StoreProblem(text, IsRepaired: true)));
            problems.AddRange(Told([.. left]).Select(static text => new StoreProblem(text, IsRepaired: false)));
        }

        return new StoreVerification.Done(StoreChecks.Size(turn.Connection), problems);
    }

    private static IEnumerable<string> Told(IReadOnlyList<string> texts) =>
        texts.Count <= MaxTold ? texts : [.. texts.Take(MaxTold), $"And {texts.Count - MaxTold} more of the same sort."];
}

/// <summary>One thing that must be so in a store.</summary>
internal interface IStoreCheck
{
    /// <summary>A sentence for each place where it is not so.</summary>
    IReadOnlyList<string> Find(StoreConnection connection);

    /// <summary>Mends what can be mended without losing an octet.</summary>
    void Repair(WriteTurn turn, DateTimeOffset now);
}
