namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Makes bodies, counts the messages that point to them, and removes them with the last.</summary>
internal static class BodyStatements
{
    private const string InsertBody = """
        INSERT INTO body (refs, octets, prefix, file, message_id, in_reply_to, "references", sent_at, subject, from_name, from_address, to_names, subject_key, from_key, to_key, preview, has_attachments)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
        """;

    private const string InsertOctets = "INSERT INTO body_octets (body_id, octets) VALUES (?1, ?2)";

    private const string HoldBody = "UPDATE body SET refs = refs + 1 WHERE id = ?1";

    private const string ReleaseBody = "UPDATE body SET refs = refs - 1 WHERE id = ?1 RETURNING refs, file";

    private const string DeleteBody = "DELETE FROM body WHERE id = ?1";

    private const string DeleteOctets = "DELETE FROM body_octets WHERE body_id = ?1";

    private const string DeleteWire = "DELETE FROM body_wire WHERE body_id = ?1";

    private const string DeleteHead = "DELETE FROM body_head WHERE body_id = ?1";

    /// <param name="refs">Messages that point to it from the start.</param>
    internal static long Add(WriteTurn turn, NewMessage message, int refs)
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

        DerivedStatements.Add(turn, body, message.Facts.Wire, message.Facts.Head);
        return body;
    }

    /// <summary>One message more points to it.</summary>
    internal static void Hold(WriteTurn turn, long body) => turn.Prepare(HoldBody).Bind(1, body).Run();

    /// <summary>One message less points to it; with the last it goes, and its file after the commit.</summary>
    internal static void Release(WriteTurn turn, long body)
    {
        var release = turn.Prepare(ReleaseBody).Bind(1, body);
        if (!release.Step())
            return;

        var refs = release.Long(0);
        var file = release.TextOrNull(1);
        release.Run();
        if (refs > 0)
            return;

        turn.Prepare(DeleteBody).Bind(1, body).Run();
        turn.Prepare(DeleteOctets).Bind(1, body).Run();
        turn.Prepare(DeleteWire).Bind(1, body).Run();
        turn.Prepare(DeleteHead).Bind(1, body).Run();
        turn.BodyGone(body);
        if (file is not null)
            turn.FileUnreferenced(file);
    }
}
