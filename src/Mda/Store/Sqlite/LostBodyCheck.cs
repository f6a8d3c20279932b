using System.Text;
using MailSuite.Mda.Accounts;
using MailSuite.Mda.Store.Maintenance;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>A body is somebody's message; else it goes to the Recovered mailbox of whom it was delivered to, or whose conversation it began.</summary>
internal sealed class LostBodyCheck : IStoreCheck
{
    private const string DeliveredTo = "Delivered-To: ";

    private const string FindLost = "SELECT id, prefix, octets, coalesce(sent_at, ?1) FROM body WHERE id NOT IN (SELECT body_id FROM message)";

    private const string FindByAddress = "SELECT id FROM account WHERE address_key = ?1 AND removed_at IS NULL";

    private const string FindByThread = "SELECT min(account_id) FROM thread_link WHERE thread_id = ?1 AND account_id IN (SELECT id FROM account WHERE removed_at IS NULL) HAVING count(DISTINCT account_id) = 1";

    private const string AddMessage = """
        INSERT INTO message (mailbox_id, account_id, uid, body_id, flags, keywords, mod_seq, internal_date, save_date, thread_id, octets, fetched)
        VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6, ?7, 0, ?8, 0)
        """;

    private const string SetRefs = "UPDATE body SET refs = 1 WHERE id = ?1";

    public IReadOnlyList<string> Find(StoreConnection connection) =>
        [.. Lost(connection, default).Select(static body => $"Body {body.Id} of {body.Octets} octets is no mailbox's message; {(body.Account is null ? "nothing says whose it was. It stays." : "it is known whose it was.")}")];

    public void Repair(WriteTurn turn, DateTimeOffset now)
    {
        foreach (var body in Lost(turn.Connection, now))
        {
            if (body.Account is not { } account)
                continue;
            var place = RecoveredMailbox.Take(turn, account, now);
            turn.Prepare(AddMessage).Bind(1, place.Mailbox).Bind(2, account).Bind(3, place.Uid).Bind(4, body.Id).Bind(5, place.ModSeq)
                .Bind(6, body.Date).Bind(7, now.ToUnixTimeMilliseconds()).Bind(8, body.Octets).Run();
            turn.Prepare(SetRefs).Bind(1, body.Id).Run();
        }
    }

    private static List<LostBody> Lost(StoreConnection connection, DateTimeOffset now)
    {
        var lost = new List<(long Id, string Prefix, long Octets, long Date)>();
        var rows = connection.Prepare(FindLost).Bind(1, now.ToUnixTimeMilliseconds());
        while (rows.Step())
            lost.Add((rows.Long(0), Encoding.UTF8.GetString(rows.Blob(1)), rows.Long(2), rows.Long(3)));
        return [.. lost.Select(body => new LostBody(body.Id, body.Octets, body.Date, OwnerOf(connection, body.Id, body.Prefix)))];
    }

    private static long? OwnerOf(StoreConnection connection, long body, string prefix)
    {
        var line = prefix.Split("\r\n").FirstOrDefault(static line => line.StartsWith(DeliveredTo, StringComparison.Ordinal));
        if (line is not null && EnvelopeAddress.TryParse(line.AsSpan(DeliveredTo.Length), out var address)
            && FirstOrNull(connection.Prepare(FindByAddress).Bind(1, AddressKey.Of(address))) is { } recipient)
        {
            return recipient;
        }

        return FirstOrNull(connection.Prepare(FindByThread).Bind(1, body));
    }

    private static long? FirstOrNull(Statement row)
    {
        var found = row.Step() ? row.LongOrNull(0) : null;
        row.Reset();
        return found;
    }

    private readonly record struct LostBody(long Id, long Octets, long Date, long? Account);
}
