using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Puts messages into mailboxes: one into many, which is a delivery and the hot path of the store, or many into one.</summary>
internal static class FilingStatements
{
    private const string FindDelivery =
        "SELECT delivery.uid, mailbox.uid_validity FROM delivery JOIN mailbox ON mailbox.id = delivery.mailbox_id WHERE delivery.delivery_id = ?1 AND delivery.mailbox_id = ?2";

    private const string InsertMessage = """
        INSERT INTO message (mailbox_id, account_id, uid, body_id, flags, mod_seq, internal_date, journey, save_date, octets, keywords, thread_id, fetched)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0)
        """;

    private const string InsertDelivery = "INSERT INTO delivery (delivery_id, mailbox_id, uid, at) VALUES (?1, ?2, ?3, ?4)";

    /// <summary>Files the message into each target, its octets once for all.</summary>
    /// <param name="targets">Each mailbox once.</param>
    internal static Filing[] File(WriteTurn turn, FilingContext context, NewMessage message, IReadOnlyList<FilingTarget> targets)
    {
        var filings = new Filing[targets.Count];
        Span<long> modSeqs = targets.Count <= 64 ? stackalloc long[targets.Count] : new long[targets.Count];
        var filed = 0;
        for (var i = 0; i < filings.Length; i++)
        {
            filings[i] = Reserve(turn, context, message, targets[i], out modSeqs[i]);
            if (filings[i].Result == FilingResult.Filed)
                filed++;
        }

        if (filed == 0)
        {
            if (message.File is not null)
                turn.FileUnreferenced(message.File);
            return filings;
        }

        var body = BodyStatements.Add(turn, message, filed);
        for (var i = 0; i < filings.Length; i++)
        {
            if (filings[i].Result == FilingResult.Filed)
                AddMessage(turn, context, message, filings[i].Target, filings[i].Uid.Value, body, modSeqs[i], keywords: 0);
        }

        return filings;
    }

    /// <summary>Whether an earlier call with this id has put its message into the mailbox.</summary>
    internal static bool IsFiled(StoreConnection connection, DeliveryId id, MailboxId mailbox)
    {
        var find = connection.Prepare(FindDelivery).Bind(1, id.Value).Bind(2, mailbox.Value);
        var filed = find.Step();
        find.Reset();
        return filed;
    }

    /// <summary>Files messages into one mailbox, all or none.</summary>
    /// <param name="owner">Whose mailbox it must be; <see langword="null"/> when the caller has looked.</param>
    /// <param name="freed">What goes in the same transaction, and is not given back to the quota by it.</param>
    internal static Appending Append(
        WriteTurn turn, FilingContext context, MailboxId mailbox, AccountId? owner, IReadOnlyList<NewMessage> messages, MessageCounts freed = default)
    {
        var counts = new MessageCounts();
        foreach (var message in messages)
            counts.Add(message.Flags, message.Octets);

        if (MailboxStatements.Owner(turn.Connection, mailbox) is not { } account || (owner ?? account) != account)
            return Refused(turn, StoreResult.TargetGone, messages);
        var keywords = new int[messages.Count];
        for (var i = 0; i < keywords.Length; i++)
        {
            if (messages[i].Keywords.Count == 0)
                continue;
            if (context.Keywords.FindOrAdd(turn, KeywordSet.TextOf(messages[i].Keywords)) is not { } set)
                return Refused(turn, StoreResult.TooManyKeywords, messages);
            keywords[i] = set.Id;
        }

        var quota = QuotaCounting.Take(turn, account, counts.Octets - freed.Octets, counts.Messages - freed.Messages, context.Options);
        if (quota != QuotaResult.Taken)
            return Refused(turn, quota == QuotaResult.Over ? StoreResult.OverQuota : StoreResult.TargetGone, messages);

        var target = new FilingTarget(account, mailbox);
        var taken = MailboxStatements.Take(turn, target, counts) ?? throw new InvalidOperationException("A mailbox disappeared inside a transaction.");
        var uids = new uint[messages.Count];
        for (var i = 0; i < uids.Length; i++)
        {
            uids[i] = taken.First + (uint)i;
            AddMessage(turn, context, messages[i], target, uids[i], BodyStatements.Add(turn, messages[i], refs: 1), taken.ModSeq, keywords[i]);
        }

        return new Appending(StoreResult.Done, taken.UidValidity, uids);
    }

    /// <summary>Appends a message and expunges the one that it replaces (RFC 8508), both or none.</summary>
    internal static Appending Replace(WriteTurn turn, FilingContext context, MailboxId source, uint replaced, MailboxId mailbox, NewMessage message)
    {
        if (MailboxStatements.Owner(turn.Connection, source) is not { } account || MessageRows.Find(turn, source, [replaced]) is not [var before])
            return Refused(turn, StoreResult.Gone, [message]);

        var freed = new MessageCounts();
        if (MailboxStatements.Owner(turn.Connection, mailbox) == account)
            freed.Add(before.Flags, before.Octets);
        var appending = Append(turn, context, mailbox, owner: null, [message], freed);
        if (appending.Result == StoreResult.Done)
            ExpungeStatements.Expunge(turn, source, owner: null, [replaced], onlyDeleted: false, givesQuotaBack: freed.Messages == 0);
        return appending;
    }

    private static Appending Refused(WriteTurn turn, StoreResult result, IReadOnlyList<NewMessage> messages)
    {
        foreach (var message in messages)
        {
            if (message.File is not null)
                turn.FileUnreferenced(message.File);
        }

        return new Appending(result, default, []);
    }

    /// <summary>Takes a UID, a ModSeq and room for the message, when it is to be filed.</summary>
    private static Filing Reserve(WriteTurn turn, FilingContext context, NewMessage message, FilingTarget target, out long modSeq)
    {
        modSeq = 0;
        if (message.Id is { } id)
        {
            var find = turn.Prepare(FindDelivery).Bind(1, id.Value).Bind(2, target.Mailbox.Value);
            if (find.Step())
                return new Filing(target, FilingResult.FiledBefore, new UidValidity((uint)find.Long(1)), new Uid((uint)find.Long(0)));
        }

        var quota = QuotaCounting.Take(turn, target.Account, message.Octets, 1, context.Options);
        if (quota == QuotaResult.Gone)
            return new Filing(target, FilingResult.Gone, default, default);
        if (quota == QuotaResult.Over)
            return new Filing(target, FilingResult.OverQuota, default, default, QuotaCounting.TurnedAway(turn, target.Account, context.Now));

        var counts = new MessageCounts();
        counts.Add(message.Flags, message.Octets);
        if (MailboxStatements.Take(turn, target, counts) is not { } taken)
        {
            QuotaCounting.GiveBack(turn, target.Account, message.Octets, 1);
            return new Filing(target, FilingResult.Gone, default, default);
        }

        modSeq = taken.ModSeq;
        return new Filing(target, FilingResult.Filed, taken.UidValidity, new Uid(taken.First));
    }

    private static void AddMessage(WriteTurn turn, FilingContext context, NewMessage message, FilingTarget target, uint uid, long body, long modSeq, int keywords)
    {
        var entry = new MessageEntry(uid, message.Flags, keywords, MessageEntry.Size(message.Octets), modSeq, body, message.InternalDate.ToUnixTimeMilliseconds());
        var insert = turn.Prepare(InsertMessage)
            .Bind(1, target.Mailbox.Value)
            .Bind(2, target.Account.Value)
            .Bind(3, uid)
            .Bind(4, body)
            .Bind(5, (long)message.Flags)
            .Bind(6, modSeq)
            .Bind(7, entry.InternalDate)
            .Bind(9, context.Now)
            .Bind(10, message.Octets)
            .Bind(11, keywords)
            .Bind(12, ThreadStatements.FindOrBegin(turn, target.Account, message.Threading, body));
        if (message.Journey is { } journey)
            insert.Bind(8, journey.Value);
        insert.Run();
        if (message.Id is { } id)
            turn.Prepare(InsertDelivery).Bind(1, id.Value).Bind(2, target.Mailbox.Value).Bind(3, uid).Bind(4, context.Now).Run();
        turn.Delta(target.Account, target.Mailbox, modSeq).Add(entry);
        if (message.Facts.Preview is null)
            turn.LacksPreview(body, target, modSeq);
    }
}

/// <param name="Now">Unix milliseconds: the save date of what arrives (RFC 8514).</param>
internal sealed record FilingContext(KeywordSets Keywords, MdaOptions Options, long Now)
{
    internal static FilingContext Of(MailStore store, MdaOptions options, TimeProvider clock) => new(store.Keywords, options, clock.GetUtcNow().ToUnixTimeMilliseconds());
}
