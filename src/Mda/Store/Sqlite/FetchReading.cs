using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads what a FETCH tells of message after message, on one reader lease. A span is valid until the next call of the same method.</summary>
internal readonly struct FetchReading(StoreConnection connection)
{
    private const string EnvelopeOf = "SELECT envelope FROM body_wire WHERE body_id = ?1";

    private const string StructureOf = "SELECT structure FROM body_wire WHERE body_id = ?1";

    private const string PartsOf = "SELECT parts FROM body_wire WHERE body_id = ?1";

    private const string HeadOf = "SELECT head FROM body_head WHERE body_id = ?1";

    private const string PlaceOf = "SELECT prefix, file, octets, preview FROM body WHERE id = ?1";

    private const string OctetsOf = "SELECT octets FROM body_octets WHERE body_id = ?1";

    private const string KeptOf = "SELECT save_date, thread_id, journey, fetched FROM message WHERE mailbox_id = ?1 AND uid = ?2";

    /// <summary>ENVELOPE as it goes over the wire.</summary>
    /// <returns>Whether it has been derived.</returns>
    internal bool TryEnvelope(long body, out ReadOnlySpan<byte> wire) => TryBlob(EnvelopeOf, body, out wire);

    internal bool TryStructure(long body, out ReadOnlySpan<byte> wire) => TryBlob(StructureOf, body, out wire);

    internal bool TryParts(long body, out ReadOnlySpan<byte> parts) => TryBlob(PartsOf, body, out parts);

    /// <summary>The header, when it is kept apart from the text.</summary>
    internal bool TryHead(long body, out ReadOnlySpan<byte> head) => TryBlob(HeadOf, body, out head);

    /// <summary>The octets, when they are in the database.</summary>
    internal bool TryOctets(long body, out ReadOnlySpan<byte> octets) => TryBlob(OctetsOf, body, out octets);

    /// <returns>Whether the body is still there.</returns>
    internal bool TryPlace(long body, out BodyPlace place)
    {
        var row = connection.Prepare(PlaceOf).Bind(1, body);
        if (!row.Step())
        {
            place = default;
            return false;
        }

        place = new BodyPlace(row.Blob(0), row.TextOrNull(1), row.Long(2), row.TextOrNull(3));
        return true;
    }

    /// <returns>Whether the message is still there.</returns>
    internal bool TryKept(MailboxId mailbox, uint uid, out KeptFacts kept)
    {
        var row = connection.Prepare(KeptOf).Bind(1, mailbox.Value).Bind(2, uid);
        if (!row.Step())
        {
            kept = default;
            return false;
        }

        kept = new KeptFacts(row.Long(0), row.Long(1), row.GuidOrNull(2), row.Long(3) != 0);
        return true;
    }

    private bool TryBlob(string sql, long body, out ReadOnlySpan<byte> blob)
    {
        var row = connection.Prepare(sql).Bind(1, body);
        var found = row.Step();
        blob = found ? row.Blob(0) : default;
        return found;
    }
}

/// <summary>Where the octets of a body are.</summary>
/// <param name="prefix">What stands in front of them.</param>
internal readonly ref struct BodyPlace(ReadOnlySpan<byte> prefix, string? file, long octets, string? preview)
{
    internal ReadOnlySpan<byte> Prefix { get; } = prefix;

    /// <summary>The file below <c>bodies/</c>; <see langword="null"/> for one in the database.</summary>
    internal string? File => file;

    /// <summary>With the prefix.</summary>
    internal long Octets => octets;

    internal string? Preview => preview;
}

/// <summary>What is kept of a message beside its entry in the snapshot.</summary>
internal readonly record struct KeptFacts(long SaveDate, long ThreadId, Guid? Journey, bool Fetched);
