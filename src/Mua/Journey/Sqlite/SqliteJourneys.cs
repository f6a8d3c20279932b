using System.Data.Common;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mua.Journey.Sqlite;

/// <inheritdoc cref="IJourneys"/>
internal sealed class SqliteJourneys(JourneyDatabase database, JourneyQueue queue) : IJourneys, IJourneyLookup
{
    /// <summary>Names of one message that are looked for.</summary>
    private const int MaxNames = 10;


    private const string JourneyColumns = "Id, FirstAt, LastAt, LastStep, MessageId, QueueId, Subject, ReversePath, Recipients, Octets";

    private static readonly string EventColumns = "At, Role, Step, Host, Summary, Reason, Peer, Recipients, Dialogue, Related";

    public async ValueTask<MessageJourney?> FindAsync(JourneyId id, CancellationToken cancellationToken)
    {
        await SeeWhatWasRecordedAsync(cancellationToken);
        await using var connection = database.Open();
        var key = id.Value.ToByteArray(bigEndian: true);
        var found = await ReadJourneysAsync(connection, "Id = $id", 1, cancellationToken, ("$id", key));
        if (found is not [var journey])
            return null;

        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {EventColumns}, count(*) OVER () FROM Events WHERE Journey = $id ORDER BY At, Id LIMIT $limit";
        command.Parameters.AddWithValue("$id", key);
        command.Parameters.AddWithValue("$limit", JourneyStoreLimits.MaxEventsShown);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<JourneyEvent>();
        long total = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(ReadEvent(reader, id));
            total = reader.GetInt64(10);
        }

        return journey with { Events = events, MoreEvents = (int)(total - events.Count) };
    }

    public async ValueTask<IReadOnlyList<MessageJourney>> SearchAsync(string query, string? party, int limit, CancellationToken cancellationToken)
    {
        limit = Math.Clamp(limit, 1, JourneyStoreLimits.MaxFound);
        query = query.Length > JourneyStoreLimits.MaxQueryCharacters ? query[..JourneyStoreLimits.MaxQueryCharacters] : query;
        query = query.Trim();
        await SeeWhatWasRecordedAsync(cancellationToken);
        await using var connection = database.Open();
        connection.CreateFunction<string?, string?, string, bool>("is_party", IsParty, isDeterministic: true);
        var parties = party is null ? "1" : "is_party(ReversePath, Recipients, $party)";
        (string, object) partyValue = ("$party", party ?? "");

        if (JourneyId.TryParse(query.Replace("-", "", StringComparison.Ordinal), out var id))
        {
            var byId = await ReadJourneysAsync(connection, $"Id = $id AND {parties}", 1, cancellationToken, ("$id", id.Value.ToByteArray(bigEndian: true)), partyValue);
            if (byId.Count > 0)
                return byId;
        }

        if (query.Length == 0)
            return await ReadJourneysAsync(connection, parties, limit, cancellationToken, partyValue);

        var name = query.TrimStart('<').TrimEnd('>');
        var named = await ReadJourneysAsync(connection, $"(MessageId = $name OR QueueId = $name) AND {parties}", limit, cancellationToken, ("$name", name), partyValue);
        if (named.Count > 0)
            return named;

        // An address is compared as the envelope writes it, with the domain in A-labels.
        var words = EnvelopeAddress.TryParse(name, out var address) ? [address.ToString()] : query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        connection.CreateFunction<string?, string?, string?, bool>("has_words", (subject, sender, recipients) => HasWords(words, subject, sender, recipients));
        return await ReadJourneysAsync(connection, $"has_words(Subject, ReversePath, Recipients) AND {parties}", limit, cancellationToken, partyValue);
    }

    public async ValueTask<JourneyId?> FindAsync(IReadOnlyList<string> names, EnvelopeAddress sender, CancellationToken cancellationToken)
    {
        try
        {
            await SeeWhatWasRecordedAsync(cancellationToken);
            await using var connection = database.Open();
            foreach (var name in names.Take(MaxNames))
            {
                var found = await ReadJourneysAsync(
                    connection, "(MessageId = $name OR QueueId = $name) AND ReversePath = $sender COLLATE NOCASE", JourneyStoreLimits.MaxFound, cancellationToken, ("$name", name), ("$sender", sender.ToString()));
                if (found is [.., var oldest])
                    return oldest.Id;
            }
        }
        catch (SqliteException)
        {
            // The store is damaged or locked, and its writer says so.
        }

        return null;
    }

    /// <summary>Waits for the writer, but no longer than a person would for a page.</summary>
    private async ValueTask SeeWhatWasRecordedAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(JourneyStoreLimits.ReadYourWrites);
        try
        {
            await queue.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The disk is behind: what is written already is shown.
        }
    }

    private static async Task<List<MessageJourney>> ReadJourneysAsync(
        SqliteConnection connection, string condition, int limit, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {JourneyColumns} FROM Journeys WHERE {condition} ORDER BY Id DESC LIMIT $limit";
        command.Parameters.AddWithValue("$limit", limit);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var journeys = new List<MessageJourney>();
        while (await reader.ReadAsync(cancellationToken))
        {
            journeys.Add(new MessageJourney(
                new JourneyId(new Guid((byte[])reader[0], bigEndian: true)), Instant(reader.GetInt64(1)), Instant(reader.GetInt64(2)), (JourneyStep)reader.GetInt32(3),
                Text(reader, 4), Text(reader, 5), Text(reader, 6), Text(reader, 7), AddressLines.Read(Text(reader, 8)), reader.IsDBNull(9) ? null : reader.GetInt64(9)));
        }

        return journeys;
    }

    private static JourneyEvent ReadEvent(DbDataReader reader, JourneyId journey)
    {
        var at = Instant(reader.GetInt64(0));
        return new JourneyEvent(journey, at, (MailRole)reader.GetInt32(1), (JourneyStep)reader.GetInt32(2), reader.GetString(3), reader.GetString(4))
        {
            Reason = Text(reader, 5),
            Peer = Text(reader, 6),
            Recipients = [.. AddressLines.Read(Text(reader, 7)).Select(a => EnvelopeAddress.TryParse(a, out var address) ? address : null).OfType<EnvelopeAddress>()],
            Dialogue = reader.IsDBNull(8) ? [] : DialogueJson.Read((byte[])reader[8], at),
            Related = reader.IsDBNull(9) ? null : new JourneyId(new Guid((byte[])reader[9], bigEndian: true)),
        };
    }

    private static bool HasWords(string[] words, string? subject, string? sender, string? recipients)
    {
        foreach (var word in words)
        {
            if (!Has(subject, word) && !Has(sender, word) && !Has(recipients, word))
                return false;
        }

        return true;

        static bool Has(string? text, string word) => text is not null && text.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsParty(string? sender, string? recipients, string party) =>
        string.Equals(sender, party, StringComparison.OrdinalIgnoreCase) || AddressLines.Read(recipients).Contains(party, StringComparer.OrdinalIgnoreCase);

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
