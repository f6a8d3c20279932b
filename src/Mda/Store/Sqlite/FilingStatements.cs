using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Puts one message into mailboxes: the hot path of the store.</summary>
internal static class FilingStatements
{
    private const string FindDelivery =
        "SELECT delivery.uid, mailbox.uid_validity FROM delivery JOIN mailbox ON mailbox.id = delivery.mailbox_id WHERE delivery.delivery_id = ?1 AND delivery.mailbox_id = ?2";

    private const string TakeQuota =
        "UPDATE account SET octets = octets + ?2, messages = messages + 1 WHERE id = ?1 AND removed_at IS NULL AND (?3 = 0 OR octets + ?2 <= ?3)";

    private const string AccountIsThere = "SELECT 1 FROM account WHERE id = ?1 AND removed_at IS NULL";

    private const string TakeUid = """
        UPDATE mailbox SET uid_next = uid_next + 1, highest_mod_seq = highest_mod_seq + 1, messages = messages + 1, unseen = unseen + ?3, octets = octets + ?4, deleted = deleted + ?5
        WHERE id = ?1 AND account_id = ?2 AND removed_at IS NULL RETURNING uid_next - 1, highest_mod_seq, uid_validity
        """;

    private const string GiveQuotaBack = "UPDATE account SET octets = octets - ?2, messages = messages - 1 WHERE id = ?1";

    private const string InsertBody = """
        INSERT INTO body (refs, octets, prefix, file, message_id, in_reply_to, "references", sent_at, subject, from_name, from_address, to_names, subject_key, from_key, to_key, preview, has_attachments)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
        """;

    private const string InsertOctets = "INSERT INTO body_octets (body_id, octets) VALUES (?1, ?2)";

    private const string InsertMessage = """
        INSERT INTO message (mailbox_id, account_id, uid, body_id, flags, keywords, mod_seq, internal_date, save_date, thread_id, octets, journey, fetched)
        VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?9, 0, ?10, ?8, 0)
        """;

    private const string InsertDelivery = "INSERT INTO delivery (delivery_id, mailbox_id, uid, at) VALUES (?1, ?2, ?3, ?4)";

    /// <summary>Files the message into each target, its octets once for all.</summary>
    /// <param name="targets">Each mailbox once.</param>
    internal static Filing[] File(WriteTurn turn, NewMessage message, IReadOnlyList<FilingTarget> targets, long quotaOctets, long now)
    {
        var filings = new Filing[targets.Count];
        Span<long> modSeqs = targets.Count <= 64 ? stackalloc long[targets.Count] : new long[targets.Count];
        var filed = 0;
        for (var i = 0; i < filings.Length; i++)
        {
            filings[i] = Reserve(turn, message, targets[i], quotaOctets, out modSeqs[i]);
            if (filings[i].Result == FilingResult.Filed)
                filed++;
        }

        if (filed == 0)
        {
            if (message.File is not null)
                turn.FileUnreferenced(message.File);
            return filings;
        }

        var body = AddBody(turn, message, filed);
        for (var i = 0; i < filings.Length; i++)
        {
            if (filings[i].Result == FilingResult.Filed)
                AddMessage(turn, message, filings[i], body, modSeqs[i], now);
        }

        return filings;
    }

    /// <summary>Takes a UID, a ModSeq and room for the message, when it is to be filed.</summary>
    private static Filing Reserve(WriteTurn turn, NewMessage message, FilingTarget target, long quotaOctets, out long modSeq)
    {
        modSeq = 0;
        var find = turn.Prepare(FindDelivery).Bind(1, message.Id.Value).Bind(2, target.Mailbox.Value);
        if (find.Step())
            return new Filing(target, FilingResult.FiledBefore, new UidValidity((uint)find.Long(1)), new Uid((uint)find.Long(0)));

        turn.Prepare(TakeQuota).Bind(1, target.Account.Value).Bind(2, message.Octets).Bind(3, quotaOctets).Run();
        if (turn.Connection.Changes == 0)
        {
            var there = turn.Prepare(AccountIsThere).Bind(1, target.Account.Value).Step();
            return new Filing(target, there ? FilingResult.OverQuota : FilingResult.Gone, default, default);
        }

        var unseen = message.Flags.HasFlag(MessageFlags.Seen) ? 0 : 1;
        var take = turn.Prepare(TakeUid).Bind(1, target.Mailbox.Value).Bind(2, target.Account.Value).Bind(3, unseen).Bind(4, message.Octets)
            .Bind(5, message.Flags.HasFlag(MessageFlags.Deleted) ? 1 : 0);
        if (!take.Step())
        {
            turn.Prepare(GiveQuotaBack).Bind(1, target.Account.Value).Bind(2, message.Octets).Run();
            return new Filing(target, FilingResult.Gone, default, default);
        }

        modSeq = take.Long(1);
        var filing = new Filing(target, FilingResult.Filed, new UidValidity((uint)take.Long(2)), new Uid((uint)take.Long(0)));
        take.Run();
        return filing;
    }

    private static long AddBody(WriteTurn turn, NewMessage message, int refs)
    {
        var facts = message.Facts.Header;
        var insert = turn.Prepare(InsertBody)
            .Bind(1, refs)
            .Bind(2, message.Octets)
            .Bind(4, message.File)
            .Bind(5, facts.MessageId)
            .Bind(6, facts.InReplyTo)
            .Bind(7, facts.References)
            .Bind(8, facts.SentAt?.ToUnixTimeMilliseconds())
            .Bind(9, facts.Subject)
            .Bind(10, facts.FromName)
            .Bind(11, facts.FromAddress)
            .Bind(12, facts.ToNames)
            .Bind(13, facts.SubjectKey)
            .Bind(14, facts.FromKey)
            .Bind(15, facts.ToKey)
            .Bind(16, message.Facts.Preview?.Text);
        if (message.Facts.Preview is { } preview)
            insert.Bind(17, preview.HasAttachments ? 1 : 0);
        if (!message.Prefix.IsEmpty)
            insert.BindBlob(3, message.Prefix.Span);
        insert.Run();
        var body = turn.Connection.LastInsertId;

        if (message.File is null)
        {
            if (!message.Content.TryGetMemory(out var octets))
                throw new InvalidOperationException("A message that lies neither in memory nor in a file cannot be filed.");
            turn.Prepare(InsertOctets).Bind(1, body).BindBlob(2, octets.Span).Run();
        }

        return body;
    }

    private static void AddMessage(WriteTurn turn, NewMessage message, Filing filing, long body, long modSeq, long now)
    {
        var insert = turn.Prepare(InsertMessage)
            .Bind(1, filing.Target.Mailbox.Value)
            .Bind(2, filing.Target.Account.Value)
            .Bind(3, filing.Uid.Value)
            .Bind(4, body)
            .Bind(5, (long)message.Flags)
            .Bind(6, modSeq)
            .Bind(7, message.InternalDate.ToUnixTimeMilliseconds())
            .Bind(9, now)
            .Bind(10, message.Octets);
        if (message.Journey is { } journey)
            insert.Bind(8, journey.Value);
        insert.Run();
        turn.Prepare(InsertDelivery).Bind(1, message.Id.Value).Bind(2, filing.Target.Mailbox.Value).Bind(3, filing.Uid.Value).Bind(4, now).Run();
        turn.Filed(filing.Target, new ModSeq(modSeq));
        if (message.Facts.Preview is null)
            turn.LacksPreview(body, filing.Target, new ModSeq(modSeq));
    }
}
