using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>What goes wrong on our own machine, and the DNS: nothing is lost, nothing bounces, nothing is tried in a storm, and all goes on when it is over.</summary>
public sealed class MachineFaultTests
{
    [Theory]
    [InlineData(DnsTrouble.ServFail)]
    [InlineData(DnsTrouble.Silent)]
    [InlineData(DnsTrouble.Garbage)]
    [InlineData(DnsTrouble.OtherId)]
    public async Task A_resolver_in_trouble_defers_and_never_bounces_and_recovers(DnsTrouble trouble)
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Dns.Trouble("there.test", trouble);

        var message = await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        var deferred = await scene.SeeAsync(JourneyStep.Deferred);
        Assert.Contains("4.4.3", deferred.Reason, StringComparison.Ordinal);
        await NotTriedInAStormAsync(scene, message);
        Assert.Empty(scene.Mda.Stored);
        scene.Dns.Trouble("there.test", DnsTrouble.None);
        await RecoversAsync(scene, peer);
    }

    [Fact]
    public async Task A_resolver_that_is_dead_defers_for_as_long_as_it_is_dead()
    {
        await using var peer = new SmtpPeer();
        var dns = new FakeDnsServer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, dns: dns);
        await dns.DisposeAsync();
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        for (var attempt = 1; attempt <= 4; attempt++)
        {
            await RelayScene.UntilAsync(() => scene.Count("Recipients", $"State = 0 AND Attempts = {attempt} AND Status = '4.4.3'") == 1);
            scene.Clock.Advance(TimeSpan.FromMinutes(34));
        }

        Assert.Empty(scene.Mda.Stored);
        Assert.Equal(0, peer.Connections);
    }

    [Fact]
    public async Task A_host_whose_addresses_cannot_be_found_now_defers()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        scene.Dns.Trouble("mx127-0-0-1.there.test", DnsTrouble.ServFail);

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        await scene.SeeAsync(JourneyStep.Deferred);
        Assert.Empty(scene.Mda.Stored);
        scene.Dns.Trouble("mx127-0-0-1.there.test", DnsTrouble.None);
        await RecoversAsync(scene, peer);
    }

    [Fact]
    public async Task A_database_that_is_locked_for_longer_than_we_wait_keeps_the_outcome_until_it_can_be_written()
    {
        SqliteConnection? locker = null;
        await using var peer = new SmtpPeer();
        RelayScene? scene = null;
        peer.OnCommand = line =>
        {
            if (line == "." && locker is null)
                locker = Lock(scene!);
            return null;
        };
        scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { BusyTimeout = TimeSpan.FromSeconds(1) });
        await using var owned = scene;
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => peer.Messages.Count == 1);

        // How long SQLite waits for a lock is no matter of our clock.
        var began = TimeProvider.System.GetTimestamp();
        await RelayScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            return TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(2.5);
        });
        Assert.Equal(1, scene.Count("Recipients", "State = 0"));
        locker!.Dispose();
        await RelayScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            return scene.Count("Messages") == 0;
        });
        Assert.Single(peer.Messages);
        Assert.Empty(scene.Mda.Stored);
    }

    [Fact]
    public async Task A_database_that_is_locked_takes_no_message_and_takes_the_next()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { BusyTimeout = TimeSpan.FromSeconds(1) });
        scene.Host("there.test");
        using (Lock(scene))
            await Assert.ThrowsAsync<SpoolUnavailableException>(() => scene.SendAsync("ann@here.test", ["bob@there.test"]));

        await scene.SendAsync("ann@here.test", ["cy@there.test"]);

        await scene.EmptyAsync();
        Assert.Equal(["RCPT TO:<cy@there.test>"], Assert.Single(peer.Messages).Rcpts);
    }

    [Theory]
    [InlineData("550 5.1.1 no")]
    [InlineData("451 4.3.0 later")]
    [InlineData(null)]
    public async Task A_full_disk_keeps_every_outcome_until_there_is_room(string? reply)
    {
        RelayScene? scene = null;
        var isFull = false;
        await using var peer = new SmtpPeer();
        peer.OnCommand = line =>
        {
            if (line.StartsWith("RCPT", StringComparison.Ordinal) && !isFull)
            {
                Refuse(scene!, writes: true);
                isFull = true;
            }

            return line.StartsWith("RCPT", StringComparison.Ordinal) ? reply : null;
        };
        scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        await using var owned = scene;
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => isFull);
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            scene.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(1, scene.Count("Recipients", "State = 0 AND Attempts = 0"));
        Refuse(scene, writes: false);
        await RelayScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            return scene.Count("Recipients", "State = 0 AND Attempts = 0") == 0 && scene.Count("Recipients", "State = 2") == 0;
        });
        Assert.Equal(reply is null ? 1 : 0, peer.Messages.Count);
        Assert.Equal(reply is ['4', ..] ? 1 : 0, scene.Count("Recipients", "State = 0 AND Attempts = 1"));
        Assert.Equal(reply is ['5', ..] ? 1 : 0, scene.Mda.Stored.Count);
    }

    [Fact]
    public async Task A_report_that_finds_no_room_is_made_when_there_is_room_once()
    {
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, runQueue: false);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        Execute(scene, "CREATE TRIGGER full BEFORE INSERT ON Messages BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        await scene.RunQueueAsync();
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "State = 2") == 1);
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            scene.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(1, scene.Count("Recipients", "State = 2"));
        Execute(scene, "DROP TRIGGER full");
        await RelayScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            return scene.Count("Messages") == 0;
        });
        Assert.Single(scene.Mda.Stored);
        Assert.Equal(1, peer.Connections);
    }

    private static async Task NotTriedInAStormAsync(RelayScene scene, SpooledMessage message)
    {
        for (var minute = 0; minute < 4; minute++)
        {
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Equal(1, scene.Count("Recipients", "State = 0 AND Attempts = 1"));
        Assert.Single(scene.Journeys.Events, one => one.Journey == message.Journey && one.Step == JourneyStep.Deferred);
    }

    private static async Task RecoversAsync(RelayScene scene, SmtpPeer peer)
    {
        // The resolver may remember its failure for a while.
        for (var i = 0; i < 10 && scene.Count("Messages") > 0; i++)
        {
            scene.Clock.Advance(TimeSpan.FromMinutes(35));
            await RelayScene.UntilAsync(() => scene.Count("Recipients", $"State = 0 AND NextAttemptAt <= {scene.Clock.GetUtcNow().ToUnixTimeMilliseconds()}") == 0);
        }

        await scene.EmptyAsync();
        Assert.Single(peer.Messages);
    }

    /// <summary>The disk has no room for outcomes, as far as the spool can see.</summary>
    private static void Refuse(RelayScene scene, bool writes) => Execute(scene, writes
        ? "CREATE TRIGGER full BEFORE UPDATE ON Recipients BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        : "DROP TRIGGER full");

    private static void Execute(RelayScene scene, string sql)
    {
        using var connection = Open(scene);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Another program that writes, until it is disposed.</summary>
    private static SqliteConnection Lock(RelayScene scene)
    {
        var connection = Open(scene);
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    private static SqliteConnection Open(RelayScene scene)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(scene.DataDirectory, "mta.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
