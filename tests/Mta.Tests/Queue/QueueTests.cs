using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Tests.Queue;

public sealed class QueueTests
{
    [Fact]
    public async Task Is_not_held_up_by_a_destination_that_never_answers()
    {
        await using var slow = new SmtpPeer { Greeting = SmtpPeer.Silence };
        await using var quick = new SmtpPeer(System.Net.IPAddress.Parse("127.0.0.2"), slow.EndPoint.Port);
        await using var scene = await RelayScene.StartAsync(slow.EndPoint.Port, options => options with { Relay = options.Relay with { MaxConcurrent = 4, MaxConcurrentPerDestination = 2 } });
        scene.Host("slow.test");
        scene.Host("quick.test", "127.0.0.2");

        for (var i = 0; i < 6; i++)
            await scene.SendAsync("ann@here.test", ["bob@slow.test"]);
        for (var i = 0; i < 6; i++)
            await scene.SendAsync("ann@here.test", ["bob@quick.test"]);

        await RelayScene.UntilAsync(() => quick.Messages.Count == 6 && slow.Connections == 2);
        Assert.Equal(2, slow.Connections);
    }

    [Fact]
    public async Task Sends_all_recipients_of_a_destination_in_one_transaction_and_each_destination_its_own()
    {
        await using var here = new SmtpPeer();
        await using var yonder = new SmtpPeer(System.Net.IPAddress.Parse("127.0.0.2"), here.EndPoint.Port);
        await using var scene = await RelayScene.StartAsync(here.EndPoint.Port);
        scene.Host("there.test");
        scene.Host("yonder.test", "127.0.0.2");

        await scene.SendAsync("ann@here.test", ["a@there.test", "b@yonder.test", "c@THERE.test"]);

        await scene.EmptyAsync();
        Assert.Equal(["RCPT TO:<a@there.test>", "RCPT TO:<c@there.test>"], Assert.Single(here.Messages).Rcpts);
        Assert.Equal(["RCPT TO:<b@yonder.test>"], Assert.Single(yonder.Messages).Rcpts);
    }

    [Fact]
    public async Task Keeps_those_who_wait_when_others_are_done()
    {
        var busy = true;
        await using var peer = new SmtpPeer();
        peer.OnCommand = line => busy && line.StartsWith("RCPT TO:<later", StringComparison.Ordinal) ? "450 4.2.1 busy" : line.StartsWith("RCPT TO:<never", StringComparison.Ordinal) ? "550 5.1.1 no" : null;
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await scene.SendAsync("ann@here.test", ["now@there.test", "later@there.test", "never@there.test"]);

        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count == 1 && scene.Count("Messages") == 1);
        Assert.Equal(1, scene.Count("Recipients", "State = 0"));
        busy = false;
        scene.Clock.Advance(TimeSpan.FromMinutes(6));
        await scene.EmptyAsync();
        Assert.Equal(["RCPT TO:<now@there.test>", "RCPT TO:<later@there.test>"], peer.Messages.SelectMany(message => message.Rcpts));
        Assert.Single(scene.Mda.Stored);
    }

    [Fact]
    public async Task Delivers_to_Junk_what_waited_in_quarantine()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);

        await scene.Spool.AcceptAsync(RelayScene.Message(scene.Clock, "bob@there.test", ["ann@here.test"]) with { Into = SpecialUse.Junk }, CancellationToken.None);

        await scene.EmptyAsync();
        Assert.Equal(SpecialUse.Junk, Assert.Single(scene.Mda.Into));
    }

    [Fact]
    public async Task Delivers_a_local_recipient_when_its_mailbox_can_take_it_again()
    {
        var full = true;
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Mda.OnDelivery = _ => full ? new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "The mailbox is full.") : null;

        await scene.SendAsync("bob@there.test", ["ann@here.test"]);

        var deferred = await scene.SeeAsync(JourneyStep.Deferred);
        Assert.Equal("4.2.2 The mailbox is full.", deferred.Reason);
        full = false;
        scene.Clock.Advance(TimeSpan.FromMinutes(6));
        await scene.EmptyAsync();
        Assert.Equal("ann@here.test", Assert.Single(scene.Mda.Stored).Recipient);
    }

    [Fact]
    public async Task Returns_mail_for_a_local_mailbox_that_is_gone()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);

        await scene.SendAsync("ann@here.test", ["nobody@here.test", "closed@here.test"]);

        await scene.EmptyAsync();
        var report = Encoding.UTF8.GetString(Assert.Single(scene.Mda.Stored).Octets);
        Assert.Contains("Status: 5.1.1", report, StringComparison.Ordinal);
        Assert.Contains("Status: 5.2.1", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Holds_mail_for_other_hosts_while_relaying_is_switched_off()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { RelayEnabled = false });
        scene.Host("there.test");

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        Assert.Contains("switched off", (await scene.SeeAsync(JourneyStep.Deferred)).Summary, StringComparison.Ordinal);
        Assert.Equal(0, peer.Connections);
    }

    [Fact]
    public async Task Does_not_try_a_destination_that_has_been_dead_five_times()
    {
        int port;
        await using (var gone = new SmtpPeer())
            port = gone.EndPoint.Port;
        await using var scene = await RelayScene.StartAsync(port);
        scene.Host("there.test");

        for (var i = 1; i <= 6; i++)
        {
            await scene.SendAsync("ann@here.test", ["bob@there.test"]);
            await RelayScene.UntilAsync(() => scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred) == i);
        }

        Assert.Contains("not tried now", scene.Journeys.Events.Last(one => one.Step == JourneyStep.Deferred).Summary, StringComparison.Ordinal);
        Assert.Equal(5, scene.Count("Recipients", "Attempts = 1"));
        Assert.Equal(1, scene.Count("Recipients", "Attempts = 0"));

        await using var back = new SmtpPeer(port: port);
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await RelayScene.UntilAsync(() => back.Messages.Count == 1);
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await scene.EmptyAsync();
        Assert.Equal(6, back.Messages.Count);
    }

    [Fact]
    public async Task Does_not_send_again_what_could_not_be_written_down()
    {
        SqliteTransaction? held = null;
        SqliteConnection? other = null;
        RelayScene? scene = null;
        await using var peer = new SmtpPeer();
        peer.OnCommand = line =>
        {
            if (line == ".")
            {
                other = new SqliteConnection($"Data Source={Path.Combine(scene!.DataDirectory, "mta.db")};Pooling=False");
                other.Open();
                held = other.BeginTransaction(deferred: false);
            }

            return null;
        };
        await using var started = scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { BusyTimeout = TimeSpan.FromSeconds(1) });
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => peer.Messages.Count == 1);
        // Longer than the busy time-out.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);

        await held!.DisposeAsync();
        await other!.DisposeAsync();
        await RelayScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(5));
            return scene.Count("Messages") == 0;
        });

        Assert.Single(peer.Messages);
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task Ends_at_once_when_nothing_is_being_sent()
    {
        await using var peer = new SmtpPeer { Greeting = SmtpPeer.Silence };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => peer.Connections == 1);

        await scene.StopAsync();

        Assert.Equal(1, scene.Count("Recipients", "State = 0 AND Attempts = 0"));
    }

    [Fact]
    public async Task Waits_for_the_answer_to_a_message_that_is_sent_before_it_ends()
    {
        var answer = new TaskCompletionSource();
        await using var peer = new SmtpPeer();
        peer.OnCommand = line =>
        {
            if (line == ".")
                answer.Task.Wait(TestContext.Current.CancellationToken);
            return null;
        };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => peer.Commands.Contains("."));

        var stopping = scene.StopAsync();
        Assert.False(stopping.IsCompleted);
        answer.SetResult();
        await stopping;

        Assert.Equal(0, scene.Count("Messages"));
    }

    [Fact]
    public async Task Passes_on_every_octet_of_a_large_message()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { LargeMessageOctets = 10_000 });
        scene.Host("there.test");
        var octets = Encoding.ASCII.GetBytes("Subject: large\r\n\r\n" + string.Concat(Enumerable.Repeat(".. a line of text\r\n", 100_000)));

        await scene.SendAsync("ann@here.test", ["bob@there.test"], octets: new MemoryContent(octets));

        await scene.EmptyAsync();
        Assert.Equal(octets, Assert.Single(peer.Messages).Octets);
        Assert.Empty(Directory.GetFiles(Path.Combine(scene.DataDirectory, "spool")));
    }

    [Fact]
    public async Task Passes_on_odd_messages_octet_by_octet()
    {
        Assert.SkipWhen(TestVectors.Folder is null, TestVectors.Absent);
        var messages = TestVectors.Messages().Select(File.ReadAllBytes)
            .Where(octets => octets.Length is > 0 and < 500_000 && IsCrlfClean(octets)).ToList();
        Assert.SkipWhen(messages.Count == 0, "there are no messages with CRLF line ends");
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        foreach (var octets in messages)
            await scene.SendAsync("ann@here.test", ["bob@there.test"], octets: new MemoryContent(octets));

        await RelayScene.UntilAsync(() => peer.Messages.Count == messages.Count);
        Assert.Equal(messages.Select(Convert.ToHexString).Order(StringComparer.Ordinal), peer.Messages.Select(message => Convert.ToHexString(message.Octets)).Order(StringComparer.Ordinal));
    }

    /// <summary>No CR or LF alone, and a CRLF at the end: what an SMTP server accepts.</summary>
    private static bool IsCrlfClean(byte[] octets)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            if ((octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r')) || (octets[i] == '\r' && (i + 1 == octets.Length || octets[i + 1] != '\n')))
                return false;
        }

        return octets[^1] == '\n';
    }
}
