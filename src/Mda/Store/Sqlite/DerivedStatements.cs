using MailSuite.Mda.Mime;
using MailSuite.Mda.Search;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Keeps what is derived from bodies: made at delivery, behind it, or anew.</summary>
internal static class DerivedStatements
{
    private const string InsertWire = "INSERT OR REPLACE INTO body_wire (body_id, envelope, structure, parts) VALUES (?1, ?2, ?3, ?4)";

    private const string InsertHead = "INSERT OR REPLACE INTO body_head (body_id, head) VALUES (?1, ?2)";

    private const string DeleteHead = "DELETE FROM body_head WHERE body_id = ?1";

    private const string IsThere = "SELECT 1 FROM body WHERE id = ?1";

    private const string FindUnderived = """
        SELECT id, prefix, file, octets FROM body
        WHERE id > ?1 AND (preview IS NULL OR NOT EXISTS (SELECT 1 FROM body_wire WHERE body_id = body.id)) ORDER BY id LIMIT ?2
        """;

    private const string FindAll = "SELECT id, prefix, file, octets FROM body WHERE id > ?1 ORDER BY id LIMIT ?2";

    private const string FindOfAccount = """
        SELECT id, prefix, file, octets FROM body
        WHERE id > ?1 AND id IN (SELECT body_id FROM message WHERE account_id = ?3) ORDER BY id LIMIT ?2
        """;

    private const string CountAll = "SELECT count(*) FROM body";

    private const string CountOfAccount = "SELECT count(DISTINCT body_id) FROM message WHERE account_id = ?1";

    private const string LastBody = "SELECT coalesce(max(id), 0) FROM body";

    private const string SetPreview = "UPDATE body SET preview = ?2, has_attachments = ?3 WHERE id = ?1";

    private const string SetHeader = """
        UPDATE body SET message_id = ?2, in_reply_to = ?3, "references" = ?4, sent_at = ?5, subject = ?6, from_name = ?7, from_address = ?8, to_names = ?9,
            subject_key = ?10, from_key = ?11, to_key = ?12 WHERE id = ?1
        """;

    private const string ForgetWire = "DELETE FROM body_wire WHERE body_id IN (SELECT body_id FROM body_wire LIMIT ?1)";

    /// <summary>Files what was derived of a body that is made in this turn.</summary>
    internal static void Add(WriteTurn turn, long body, WireFacts? wire, byte[]? head)
    {
        if (wire is not null)
            turn.Prepare(InsertWire).Bind(1, body).BindBlob(2, wire.Envelope).BindBlob(3, wire.Structure).BindBlob(4, wire.Parts).Run();
        if (head is not null)
            turn.Prepare(InsertHead).Bind(1, body).BindBlob(2, head).Run();
    }

    /// <summary>Adds what was missing; of a body that cannot be read an empty preview, so that it is not tried for ever.</summary>
    internal static void Complete(WriteTurn turn, long body, DerivedFacts? facts)
    {
        var preview = facts?.Preview;
        turn.Prepare(SetPreview).Bind(1, body).Bind(2, preview?.Text ?? string.Empty).Bind(3, preview is { HasAttachments: true } ? 1 : 0).Run();
        // A body that was expunged since it was read must not get rows that nothing removes.
        if (facts is not { } derived || turn.Connection.Changes == 0)
            return;
        turn.Prepare(DeleteHead).Bind(1, body).Run();
        Add(turn, body, derived.Wire, derived.Head);
    }

    /// <summary>Puts everything that is derived in the place of what was there.</summary>
    /// <returns>Whether the body is still there.</returns>
    internal static bool Replace(WriteTurn turn, long body, DerivedFacts facts)
    {
        var row = turn.Prepare(IsThere).Bind(1, body);
        if (!row.Step())
            return false;
        row.Reset();

        var header = facts.Header;
        turn.Prepare(SetHeader)
            .Bind(1, body)
            .Bind(2, header.MessageId)
            .Bind(3, header.InReplyTo)
            .Bind(4, header.References)
            .Bind(5, header.SentAt?.ToUnixTimeMilliseconds())
            .Bind(6, header.Subject)
            .Bind(7, header.FromName)
            .Bind(8, header.FromAddress)
            .Bind(9, header.ToNames)
            .Bind(10, header.SubjectKey)
            .Bind(11, header.FromKey)
            .Bind(12, header.ToKey)
            .Run();
        Complete(turn, body, facts);
        return true;
    }

    /// <summary>The next bodies after <paramref name="query"/>.After of which something is missing, without their octets.</summary>
    internal static IReadOnlyList<BodyToRead> UnderivedBodies(StoreConnection connection, (long After, int Limit) query) =>
        Bodies(connection.Prepare(FindUnderived).Bind(1, query.After).Bind(2, query.Limit), query.Limit);

    /// <summary>The next bodies, of all or of one account.</summary>
    internal static IReadOnlyList<BodyToRead> NextBodies(StoreConnection connection, (long After, long? Account, int Limit) query)
    {
        var rows = connection.Prepare(query.Account is null ? FindAll : FindOfAccount).Bind(1, query.After).Bind(2, query.Limit);
        return Bodies(query.Account is { } account ? rows.Bind(3, account) : rows, query.Limit);
    }

    /// <summary>Those of all accounts, or of one.</summary>
    internal static long CountBodies(StoreConnection connection, long? account)
    {
        var row = account is { } one ? connection.Prepare(CountOfAccount).Bind(1, one) : connection.Prepare(CountAll);
        row.Step();
        var count = row.Long(0);
        row.Reset();
        return count;
    }

    internal static long LastBodyId(StoreConnection connection)
    {
        var row = connection.Prepare(LastBody);
        var id = row.Step() ? row.Long(0) : 0;
        row.Reset();
        return id;
    }

    /// <summary>Takes some rows of <c>body_wire</c> away.</summary>
    /// <returns>How many; 0 when there are none.</returns>
    internal static int Forget(WriteTurn turn, int limit)
    {
        turn.Prepare(ForgetWire).Bind(1, limit).Run();
        return turn.Connection.Changes;
    }

    private static List<BodyToRead> Bodies(Statement rows, int limit)
    {
        var bodies = new List<BodyToRead>(limit);
        while (rows.Step())
            bodies.Add(new BodyToRead(rows.Long(0), rows.Blob(1).ToArray(), rows.TextOrNull(2), rows.Long(3)));
        return bodies;
    }
}
