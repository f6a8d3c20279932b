using MailSuite.Mda.Store.Maintenance;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>The file of a large body is there and as long as is said. The other way round, a file that no body names, is for the sweep.</summary>
internal sealed class BodyFileCheck(BodyFiles bodies) : IStoreCheck
{
    private const string FindFiles = "SELECT id, file, octets, coalesce(length(prefix), 0) FROM body WHERE file IS NOT NULL";

    private const string SetOctets = "UPDATE body SET octets = ?2 WHERE id = ?1";

    public IReadOnlyList<string> Find(StoreConnection connection) =>
    [
        .. Wrong(connection).Select(static body => body.Has is { } has
            ? $"Body {body.Id} is said to have {body.Said} octets, and its file bodies/{body.File} makes them {has}."
            : $"The file bodies/{body.File} of body {body.Id} is lost."),
    ];

    /// <remarks>A lost file may come back from a copy, so nothing else goes.</remarks>
    public void Repair(WriteTurn turn, DateTimeOffset now)
    {
        foreach (var body in Wrong(turn.Connection))
        {
            if (body.Has is { } has)
                turn.Prepare(SetOctets).Bind(1, body.Id).Bind(2, has).Run();
        }
    }

    private List<(long Id, string File, long Said, long? Has)> Wrong(StoreConnection connection)
    {
        var wrong = new List<(long Id, string File, long Said, long? Has)>();
        var rows = connection.Prepare(FindFiles);
        while (rows.Step())
        {
            var has = bodies.OctetsOf(rows.Text(1)) + rows.Long(3);
            if (has != rows.Long(2))
                wrong.Add((rows.Long(0), rows.Text(1), rows.Long(2), has));
        }

        return wrong;
    }
}
