using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>The program is killed at an instant; another one goes on from what is on the disk. The rows of Spool/README.md.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Tries_again_what_another_host_had_not_answered()
    {
        using var disk = new TempDirectory();
        RelayScene? scene = null;
        await using var peer = new SmtpPeer();
        peer.OnCommand = line =>
        {
            if (line == "." && !File.Exists(disk.File("mta.db")))
                CrashCopy.Make(scene!.DataDirectory, disk.Path);
            return null;
        };
        await using var first = scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        var message = await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.EmptyAsync();

        await using var second = await RelayScene.StartAsync(peer.EndPoint.Port, directory: disk, clock: scene.Clock, runQueue: false);
        second.Host("there.test");
        await second.RunQueueAsync();
        await second.SeeAsync(JourneyStep.Relayed, one => one.Journey == message.Journey);
        await second.EmptyAsync();

        // The one window in which a host may see a message twice.
        Assert.Equal(2, peer.Messages.Count);
    }

    [Fact]
    public async Task Has_forgotten_what_another_host_has_taken_before_it_says_goodbye()
    {
        using var disk = new TempDirectory();
        RelayScene? scene = null;
        await using var peer = new SmtpPeer();
        peer.OnCommand = line =>
        {
            if (line == "QUIT")
                CrashCopy.Make(scene!.DataDirectory, disk.Path);
            return null;
        };
        await using var first = scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.SeeAsync(JourneyStep.Relayed);

        await using var second = await RelayScene.StartAsync(peer.EndPoint.Port, directory: disk, clock: scene.Clock);

        Assert.Equal(0, second.Count("Messages"));
        Assert.Single(peer.Messages);
    }

    [Fact]
    public async Task Reports_after_the_restart_what_had_failed_without_a_report()
    {
        using var disk = new TempDirectory();
        await using var peer = new SmtpPeer();
        await using (var first = await RelayScene.StartAsync(peer.EndPoint.Port, runQueue: false))
        {
            await first.SendAsync("ann@here.test", ["bob@there.test"]);
            var entry = first.Spool.Reader.Due(DuePlace.Start, first.Clock.GetUtcNow(), 10).Single().Entry;
            var message = first.Spool.Reader.Load(entry, first.Clock.GetUtcNow())!;
            await first.Spool.SettleAsync(message, [new Settlement(message.Recipients[0].Key, RecipientState.Failed, RecipientOutcome.Failed(StatusCodes.NoSuchMailbox, "Nobody there."), null, true)]);
            CrashCopy.Make(first.DataDirectory, disk.Path);
        }

        await using var second = await RelayScene.StartAsync(peer.EndPoint.Port, directory: disk);
        await RelayScene.UntilAsync(() => second.Mda.Stored.Count > 0);
        await second.EmptyAsync();

        Assert.Equal("ann@here.test", Assert.Single(second.Mda.Stored).Recipient);
    }

    [Fact]
    public async Task Delivers_a_report_once_when_it_is_killed_before_the_delivery_is_settled()
    {
        using var disk = new TempDirectory();
        var mda = new FakeMda();
        RelayScene? scene = null;
        mda.OnDelivery = _ =>
        {
            if (!File.Exists(disk.File("mta.db")))
                CrashCopy.Make(scene!.DataDirectory, disk.Path);
            return null;
        };
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var first = scene = await RelayScene.StartAsync(peer.EndPoint.Port, mda: mda);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => mda.Stored.Count > 0);
        await scene.EmptyAsync();

        await using var second = await RelayScene.StartAsync(peer.EndPoint.Port, directory: disk, mda: mda, clock: scene.Clock);
        await second.EmptyAsync();

        // Delivered by both, under one delivery id.
        Assert.Single(mda.Stored);
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task Keeps_the_time_of_the_next_attempt()
    {
        using var disk = new TempDirectory();
        await using var peer = new SmtpPeer { Greeting = "421 4.3.2 not now" };
        await using var first = await RelayScene.StartAsync(peer.EndPoint.Port);
        first.Host("there.test");
        await first.SendAsync("ann@here.test", ["bob@there.test"]);
        await first.SeeAsync(JourneyStep.Deferred);
        CrashCopy.Make(first.DataDirectory, disk.Path);

        peer.Greeting = null;
        await using var second = await RelayScene.StartAsync(peer.EndPoint.Port, directory: disk, clock: first.Clock, runQueue: false);
        second.Host("there.test");
        await second.RunQueueAsync();
        Assert.Equal(1, second.Count("Recipients", "Attempts = 1"));
        Assert.Empty(peer.Messages);
        second.Clock.Advance(TimeSpan.FromMinutes(6));
        await second.SeeAsync(JourneyStep.Relayed);
        await second.EmptyAsync();
        Assert.InRange(peer.Messages.Count, 1, 2);
    }
}
