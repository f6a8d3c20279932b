using MailSuite.Mda.Mime;
using MailSuite.Mda.Store.Maintenance;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>What was derived of a body must be of the octets that it has; else it is derived anew.</summary>
internal sealed class WireCheck : IStoreCheck
{
    private const string FindParts = "SELECT body.id, body.octets, body_wire.parts, length(body_head.head) FROM body_wire JOIN body ON body.id = body_wire.body_id LEFT JOIN body_head ON body_head.body_id = body.id";

    private const string DeleteWire = "DELETE FROM body_wire WHERE body_id = ?1";

    private const string DeleteHead = "DELETE FROM body_head WHERE body_id = ?1";

    private const string DeriveFrom = "UPDATE store_state SET value = min(value, ?1) WHERE name = 'derived_body'";

    public IReadOnlyList<string> Find(StoreConnection connection) => [.. Wrong(connection).Select(static body => $"What is known of the parts of body {body} is not of its octets.")];

    public void Repair(WriteTurn turn, DateTimeOffset now)
    {
        foreach (var body in Wrong(turn.Connection))
        {
            turn.Prepare(DeleteWire).Bind(1, body).Run();
            turn.Prepare(DeleteHead).Bind(1, body).Run();
            turn.Prepare(DeriveFrom).Bind(1, body - 1).Run();
        }
    }

    private static List<long> Wrong(StoreConnection connection)
    {
        var wrong = new List<long>();
        var rows = connection.Prepare(FindParts);
        while (rows.Step())
        {
            var message = MessageIndex.Parse(rows.Blob(2))?.Message;
            if (message is not { } found || found.HeaderOctets + found.BodyOctets != rows.Long(1) || rows.LongOrNull(3) is { } head && head != found.HeaderOctets)
                wrong.Add(rows.Long(0));
        }

        return wrong;
    }
}
