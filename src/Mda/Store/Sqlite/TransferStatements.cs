using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Copies and moves messages. Each call is one transaction's part: all or none, with counters, quota and ModSeq right.</summary>
internal static class TransferStatements
{
    private const string CopyMessage = """
        INSERT INTO message (mailbox_id, uid, account_id, body_id, flags, keywords, mod_seq, internal_date, save_date, thread_id, octets, journey, fetched)
        SELECT ?3, ?4, ?5, body_id, flags & ?8, keywords * ?9, ?6, internal_date, ?7, thread_id, octets, journey, fetched FROM message WHERE mailbox_id = ?1 AND uid = ?2
        """;

    private const string MoveMessage =
        "UPDATE message SET mailbox_id = ?3, uid = ?4, account_id = ?5, mod_seq = ?6, save_date = ?7, flags = flags & ?8, keywords = keywords * ?9 WHERE mailbox_id = ?1 AND uid = ?2";

    /// <summary>Copies; the copies share their bodies with the originals and have their flags, as far as these are kept (RFC 9051 §6.4.7, RFC 4314 §4).</summary>
    internal static Transfer Copy(WriteTurn turn, TransferRequest request, IReadOnlyList<uint> uids)
    {
        if (Begin(turn, request, uids, out var owners, out var found, out var counts) is { } ended)
            return ended;
        if (Take(turn, request, owners.Target, request.Kept.CountOf(found), takesQuota: true, out var taken) is { } refused)
            return refused;

        var delta = turn.Delta(owners.Target, request.Target, taken.ModSeq);
        var uid = taken.First;
        foreach (var message in found)
        {
            Bind(turn.Prepare(CopyMessage), request, message.Uid, uid, owners.Target, taken.ModSeq).Run();
            BodyStatements.Hold(turn, message.Body);
            delta.Add(request.Kept.Of(message) with { Uid = uid++, ModSeq = taken.ModSeq });
        }

        return Done(taken, found);
    }

    /// <summary>Moves; never in both mailboxes, never in none (RFC 6851 §3.3).</summary>
    internal static Transfer Move(WriteTurn turn, TransferRequest request, IReadOnlyList<uint> uids)
    {
        if (Begin(turn, request, uids, out var owners, out var found, out var counts) is { } ended)
            return ended;
        var toOther = owners.Source != owners.Target;
        if (Take(turn, request, owners.Target, request.Kept.CountOf(found), takesQuota: toOther, out var taken) is { } refused)
            return refused;

        var sourceModSeq = MailboxStatements.Change(turn, request.Source, counts.Negated);
        var target = turn.Delta(owners.Target, request.Target, taken.ModSeq);
        var source = turn.Delta(owners.Source, request.Source, sourceModSeq);
        var uid = taken.First;
        foreach (var message in found)
        {
            Bind(turn.Prepare(MoveMessage), request, message.Uid, uid, owners.Target, taken.ModSeq).Run();
            ExpungeStatements.Remember(turn, request.Source, message.Uid, sourceModSeq);
            source.Remove(message.Uid, sourceModSeq);
            target.Add(request.Kept.Of(message) with { Uid = uid++, ModSeq = taken.ModSeq });
        }

        if (toOther)
            QuotaCounting.GiveBack(turn, owners.Source, counts.Octets, counts.Messages);
        return Done(taken, found);
    }

    /// <summary>Finds the messages; an outcome when there is nothing more to do.</summary>
    private static Transfer? Begin(
        WriteTurn turn, TransferRequest request, IReadOnlyList<uint> uids, out (AccountId Source, AccountId Target) owners, out List<MessageEntry> found, out MessageCounts counts)
    {
        owners = default;
        counts = default;
        found = [];
        if (MailboxStatements.Owner(turn.Connection, request.Source) is not { } source || (request.Owner ?? source) != source)
            return Failed(StoreResult.Gone);
        if (MailboxStatements.Owner(turn.Connection, request.Target) is not { } target || (request.Owner ?? target) != target)
            return Failed(StoreResult.TargetGone);

        owners = (source, target);
        found = MessageRows.Find(turn, request.Source, uids);
        if (found.Count == 0)
            return Failed(StoreResult.Done);
        foreach (var message in found)
        {
            counts.Add(message.Flags, message.Octets);
            // Those who have the target open are to find the keywords in memory.
            request.Context.Keywords.Find(turn, message.Keywords);
        }

        return null;
    }

    private static Transfer? Take(WriteTurn turn, TransferRequest request, AccountId target, in MessageCounts counts, bool takesQuota, out TakenUids taken)
    {
        taken = default;
        if (takesQuota)
        {
            var quota = QuotaCounting.Take(turn, target, counts.Octets, counts.Messages, request.Context.Options);
            if (quota != QuotaResult.Taken)
                return Failed(quota == QuotaResult.Over ? StoreResult.OverQuota : StoreResult.TargetGone);
        }

        taken = MailboxStatements.Take(turn, new FilingTarget(target, request.Target), counts)
            ?? throw new InvalidOperationException("A mailbox disappeared inside a transaction.");
        return null;
    }

    private static Statement Bind(Statement statement, TransferRequest request, uint source, uint target, AccountId account, long modSeq) => statement
        .Bind(1, request.Source.Value).Bind(2, source).Bind(3, request.Target.Value).Bind(4, target).Bind(5, account.Value).Bind(6, modSeq).Bind(7, request.Context.Now)
        .Bind(8, (long)request.Kept.Flags).Bind(9, request.Kept.Keywords ? 1 : 0);

    private static Transfer Failed(StoreResult result) => new(result, default, [], []);

    private static Transfer Done(TakenUids taken, List<MessageEntry> found)
    {
        var sources = new uint[found.Count];
        var targets = new uint[found.Count];
        for (var i = 0; i < found.Count; i++)
        {
            sources[i] = found[i].Uid;
            targets[i] = taken.First + (uint)i;
        }

        return new Transfer(StoreResult.Done, taken.UidValidity, sources, targets);
    }
}

/// <param name="Owner">Whose mailboxes both must be; <see langword="null"/> when the caller has looked.</param>
internal sealed record TransferRequest(MailboxId Source, MailboxId Target, AccountId? Owner, FilingContext Context)
{
    /// <summary>What messages may bring with them.</summary>
    internal KeptFlags Kept { get; init; } = KeptFlags.All;
}
