using System.Net;
using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing.Misbehaving;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>The whole sending half before a server of the kit, and what is on the disk about each recipient when the attempt is over.</summary>
internal sealed class MisbehaviourScene : IAsyncDisposable
{
    public const string Delivered = "delivered";

    /// <summary>What our client may take of the words of a server that does not end: its limits, and the buffers of the system.</summary>
    private const long MostSent = 8 * 1024 * 1024;

    /// <summary>By how much time goes on while a server waits for our patience to end.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(20);

    private MisbehaviourScene(ScriptedServer server, ScriptedServer? second, RelayScene relay) => (Server, Second, Relay) = (server, second, relay);

    public ScriptedServer Server { get; }

    /// <summary>The messages at the server. One without an octet is how a client leaves a transaction whose recipients were all refused (RFC 2920 §3.1).</summary>
    public int Taken => Server.Messages.Count(message => message.Length > 0);

    /// <summary>Another host of the domain, which does everything right.</summary>
    public ScriptedServer? Second { get; }

    public RelayScene Relay { get; }

    public SpooledMessage Message { get; private set; } = null!;

    public static async Task<MisbehaviourScene> StartAsync(Misbehaviour misbehaviour, bool withSecond = false, Func<RelayOptions, RelayOptions>? change = null)
    {
        var server = new ScriptedServer(misbehaviour.Script);
        var second = withSecond ? new ScriptedServer(talk => talk.ServeAsync(), IPAddress.Parse("127.0.0.2"), server.EndPoint.Port) : null;
        var relay = await RelayScene.StartAsync(server.EndPoint.Port, options => options with { Relay = change?.Invoke(options.Relay) ?? options.Relay });
        relay.Host("there.test");
        if (withSecond)
            relay.Host("there.test", "127.0.0.2", preference: 20);
        return new MisbehaviourScene(server, second, relay);
    }

    /// <summary>The whole story: a message to three recipients, their states, what is told of them, what is given back, and how it goes on when the server is well.</summary>
    /// <param name="expected">What all three come to, or each of them, separated by commas.</param>
    public static async Task PlayAsync(Misbehaviour misbehaviour, string expected, bool pipelining = true, string? content = null)
    {
        var script = misbehaviour.Script;
        await using var scene = await StartAsync(misbehaviour with
        {
            Script = talk =>
            {
                if (!pipelining)
                    talk.Extensions = [.. talk.Extensions.Where(keyword => keyword != "PIPELINING")];
                return script(talk);
            },
        });

        await scene.SendAsync(content);

        var states = scene.States();
        AssertStates(expected, states);
        await scene.ConnectionsReturnedAsync();
        Assert.InRange(scene.Server.OctetsSent, 0, MostSent);
        await scene.AssertToldAsync(states);
        await scene.AssertRecoversAsync(states, misbehaviour.HasTheMessage);
    }

    public static void AssertStates(string expected, IReadOnlyList<string> states)
    {
        var each = expected.Split(", ");
        Assert.Equal(3, states.Count);
        for (var i = 0; i < states.Count; i++)
            Assert.StartsWith($"{"abc"[i]} {each[each.Length == 1 ? 0 : i]}", states[i], StringComparison.Ordinal);
    }

    /// <summary>Sends a message to three recipients and waits until each of them has its outcome on the disk.</summary>
    public async Task SendAsync(string? content = null)
    {
        Message = await Relay.SendAsync("ann@here.test", ["a@there.test", "b@there.test", "c@there.test"], content);
        await SettledAsync();
        Server.LetGo();
    }

    /// <summary>Waits until no attempt is under way and no report is owed, while time goes on if it has to.</summary>
    public Task SettledAsync() => PassAsync(
        () => Relay.Count("Recipients", $"State IN (2, 5, 6, 7) OR (State = 0 AND NextAttemptAt <= {Relay.Clock.GetUtcNow().ToUnixTimeMilliseconds()})") == 0, whenServerWaits: true);

    /// <summary>Waits until the server has all its connections back: those that are kept for the next message are closed when their time is over.</summary>
    public Task ConnectionsReturnedAsync() => PassAsync(() => Server.Open == 0, whenServerWaits: false);

    /// <summary>Address, state and status of each recipient, as the disk has them.</summary>
    public IReadOnlyList<string> States()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Relay.DataDirectory, "mta.db")};Pooling=False");
        connection.Open();
        var states = new List<string>();
        using (var waiting = connection.CreateCommand())
        {
            waiting.CommandText = "SELECT Address, State, Status FROM Recipients WHERE MessageId = (SELECT Id FROM Messages WHERE QueueId = $id) ORDER BY Address";
            waiting.Parameters.AddWithValue("$id", Message.Id.ToString());
            using var rows = waiting.ExecuteReader();
            while (rows.Read())
                states.Add(Describe(rows.GetString(0), (RecipientState)rows.GetInt32(1), rows.GetString(2)));
        }

        if (states.Count > 0)
            return states;
        using var retired = connection.CreateCommand();
        retired.CommandText = "SELECT Recipients FROM Retired WHERE QueueId = $id";
        retired.Parameters.AddWithValue("$id", Message.Id.ToString());
        var text = Assert.IsType<string>(retired.ExecuteScalar());
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).OrderBy(line => line[1], StringComparer.Ordinal)
            .Select(line => Describe(line[1], Enum.Parse<RecipientState>(line[0]), line[2]))];
    }

    /// <summary>The journey names each recipient with what became of it, and has the dialogue where there was one. Who has failed is in one report, and only who has.</summary>
    public async Task AssertToldAsync(IReadOnlyList<string> states)
    {
        foreach (var state in states)
        {
            var step = state[2..] switch { Delivered => JourneyStep.Relayed, ['w', ..] => JourneyStep.Deferred, _ => JourneyStep.Bounced };
            // It is told after the commit.
            await Relay.SeeAsync(step, Tells);
            var told = Assert.Single(Relay.Journeys.Events, one => one.Step == step && Tells(one));
            Assert.False(string.IsNullOrWhiteSpace(told.Reason));
            // Where no connection was made there is nobody that spoke with us; the reason names the host.
            Assert.True(told.Peer is not null || told.Reason.Contains("could not be reached", StringComparison.Ordinal), told.Reason);
            if (Server.Commands.Count > 0)
                Assert.NotEmpty(told.Dialogue);

            bool Tells(JourneyEvent one) => one.Journey == Message.Journey && one.Recipients.Any(recipient => recipient.ToString()[0] == state[0]);
        }

        var failed = states.Where(state => state.Contains("failed", StringComparison.Ordinal)).Select(state => $"{state[0]}@there.test").ToList();
        var reports = Relay.Mda.Stored.Select(stored => Encoding.UTF8.GetString(stored.Octets)).ToList();
        Assert.Equal(failed.Count > 0 ? 1 : 0, reports.Count);
        foreach (var address in new[] { "a@there.test", "b@there.test", "c@there.test" })
            Assert.Equal(failed.Contains(address), reports.Any(report => report.Contains($"Final-Recipient: rfc822; {address}", StringComparison.Ordinal)));
    }

    /// <summary>Who waits is served as soon as the server is well again, once; a second copy is there only where the server had the message and did not say so.</summary>
    public async Task AssertRecoversAsync(IReadOnlyList<string> states, bool hadTheMessage)
    {
        var before = Taken;
        Assert.Equal(hadTheMessage || states.Any(state => state.EndsWith(Delivered, StringComparison.Ordinal)), before == 1);
        Server.Script = talk => talk.ServeAsync();
        Relay.Clock.Advance(TimeSpan.FromMinutes(6));
        await Relay.EmptyAsync();
        Assert.Equal(states.Select(state => state.Contains("waits", StringComparison.Ordinal) ? $"{state[0]} {Delivered}" : state), States());
        Assert.Equal(before + (states.Any(state => state.Contains("waits", StringComparison.Ordinal)) ? 1 : 0), Taken);
    }

    public async ValueTask DisposeAsync()
    {
        // The server first: with its connections all waiting of the queue ends, for which nobody lets time pass now.
        await Server.DisposeAsync();
        if (Second is not null)
            await Second.DisposeAsync();
        await Relay.DisposeAsync();
    }

    private static string Describe(string address, RecipientState state, string status) => $"{address[..1]} " + state switch
    {
        RecipientState.Waiting => $"waits {status}",
        RecipientState.Delivered => Delivered,
        RecipientState.Reported => $"failed {status}",
        _ => $"{state} {status}",
    };

    private async Task PassAsync(Func<bool> condition, bool whenServerWaits)
    {
        await RelayScene.UntilAsync(() =>
        {
            if (condition())
                return true;
            if (!whenServerWaits || Server.IsWaiting)
                Relay.Clock.Advance(whenServerWaits ? Tick : TimeSpan.FromSeconds(1));
            return false;
        }, () => $"{string.Join("; ", Relay.Journeys.Events.Select(one => $"{one.Step} {one.Summary} {one.Reason}"))}; heard {string.Join(" | ", Server.Commands)}; open {Server.Open}");
    }
}
