using MailSuite.Mda.Search.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads messages: pages, lines of lists, octets.</summary>
internal static class MessageReading
{
    private const string Summary = """
        SELECT message.mailbox_id, message.uid, message.flags, body.from_name, body.from_address, body.to_names, body.subject, body.preview,
               body.has_attachments, message.internal_date, body.sent_at, body.octets, body.message_id
        """;

    private const string From = " FROM message JOIN body ON body.id = message.body_id ";

    private const string Page = Summary + From + "WHERE message.mailbox_id = ?1 AND message.uid < ?2 ORDER BY message.uid DESC LIMIT ?3";

    /// <summary>Walks the index alone, so that passing over 100,000 messages reads none of them.</summary>
    private const string UidAfterSkipping = "SELECT uid FROM message WHERE mailbox_id = ?1 AND uid < ?2 ORDER BY uid DESC LIMIT 1 OFFSET ?3";

    private const string One = Summary + ", message.journey, message.fetched, body.id, body.prefix, body.file" + From + "WHERE message.mailbox_id = ?1 AND message.uid = ?2";

    private const string Octets = "SELECT octets FROM body_octets WHERE body_id = ?1";

    private static readonly long AboveAllUids = (long)uint.MaxValue + 1;

    internal static MessagePage? ReadPage(StoreConnection connection, (AccountId Account, MailboxId Mailbox, MessagePageRequest Request) query)
    {
        if (MailboxStatements.Find(connection, (query.Account, query.Mailbox)) is not { } mailbox)
            return null;

        var before = query.Request.Before?.Value ?? AboveAllUids;
        if (query.Request.Skip > 0)
        {
            var skip = connection.Prepare(UidAfterSkipping).Bind(1, mailbox.Id.Value).Bind(2, before).Bind(3, query.Request.Skip);
            if (!skip.Step())
                return new MessagePage([], mailbox.Messages);
            before = skip.Long(0) + 1;
            skip.Reset();
        }

        var messages = new List<MessageSummary>(Math.Min(query.Request.Limit, mailbox.Messages));
        var rows = connection.Prepare(Page).Bind(1, mailbox.Id.Value).Bind(2, before).Bind(3, query.Request.Limit);
        while (rows.Step())
            messages.Add(ReadSummary(rows));
        return new MessagePage(messages, mailbox.Messages);
    }

    /// <summary>These messages in the order given; those that are gone are left out.</summary>
    internal static IReadOnlyList<MessageSummary> ReadSummaries(StoreConnection connection, IReadOnlyList<PlacedMessage> messages)
    {
        var summaries = new List<MessageSummary>(messages.Count);
        foreach (var message in messages)
        {
            var row = connection.Prepare(One).Bind(1, message.Mailbox.Value).Bind(2, message.Uid.Value);
            if (row.Step())
                summaries.Add(ReadSummary(row));
            row.Reset();
        }

        return summaries;
    }

    /// <summary>A message with its octets; a large body stays in its file.</summary>
    internal static OpenedMessage? Open(StoreConnection connection, (AccountId Account, MailboxId Mailbox, Uid Uid, BodyFiles Bodies) query)
    {
        if (MailboxStatements.Find(connection, (query.Account, query.Mailbox)) is null)
            return null;

        var row = connection.Prepare(One).Bind(1, query.Mailbox.Value).Bind(2, query.Uid.Value);
        if (!row.Step())
            return null;

        var summary = ReadSummary(row);
        JourneyId? journey = row.GuidOrNull(13) is { } id ? new JourneyId(id) : null;
        var fetched = row.Long(14) != 0;
        var body = new BodyToRead(row.Long(15), row.Blob(16).ToArray(), row.TextOrNull(17), summary.Octets);
        row.Reset();
        var content = TryReadContent(connection, body, query.Bodies) ?? throw new InvalidOperationException($"Body {body.Id} has no octets.");
        return new OpenedMessage(new StoredMessage(summary, journey, content), fetched);
    }

    /// <summary>The octets of a body; <see langword="null"/> when it was expunged meanwhile.</summary>
    internal static IMessageContent? TryReadContent(StoreConnection connection, BodyToRead body, BodyFiles bodies)
    {
        IMessageContent content;
        if (body.File is not null)
        {
            content = bodies.Open(body.File, body.Octets - body.Prefix.Length);
        }
        else
        {
            var row = connection.Prepare(Octets).Bind(1, body.Id);
            if (!row.Step())
                return null;
            content = new MemoryContent(row.Blob(0).ToArray());
            row.Reset();
        }

        return body.Prefix.Length == 0 ? content : new PrefixedContent(body.Prefix, content);
    }

    private static MessageSummary ReadSummary(Statement row) => new(
        new MailboxId(row.Long(0)), new Uid((uint)row.Long(1)), (MessageFlags)row.Long(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6),
        row.TextOrNull(7), row.LongOrNull(8) is { } attachments ? attachments != 0 : null, DateTimeOffset.FromUnixTimeMilliseconds(row.Long(9)),
        row.LongOrNull(10) is { } sent ? DateTimeOffset.FromUnixTimeMilliseconds(sent) : null, row.Long(11), row.TextOrNull(12));
}

/// <param name="Fetched">Whether its first reading was told to its journey.</param>
internal sealed record OpenedMessage(StoredMessage Message, bool Fetched);

/// <summary>A body whose octets are to be read.</summary>
internal sealed record BodyToRead(long Id, byte[] Prefix, string? File, long Octets);
