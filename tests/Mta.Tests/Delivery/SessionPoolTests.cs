using MailSuite.Mta.Delivery;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Delivery;

public sealed class SessionPoolTests
{
    private const string Plain = "Subject: x\r\n\r\nHello.\r\n";

    [Fact]
    public async Task Sends_the_next_message_over_the_same_connection_without_a_greeting()
    {
        await using var scene = new CourierScene();

        await scene.SendAsync(Plain, "bob@there.test");
        await scene.SendAsync(Plain, "cy@there.test");
        await scene.CloseAsync();

        Assert.Equal(1, scene.Peer.Connections);
        Assert.Equal(
            [
                "EHLO mx.here.test", "MAIL FROM:<ann@here.test> SIZE=22", "RCPT TO:<bob@there.test>", "DATA", ".",
                "MAIL FROM:<ann@here.test> SIZE=22", "RCPT TO:<cy@there.test>", "DATA", ".", "QUIT",
            ],
            scene.Peer.Commands);
    }

    [Fact]
    public async Task Shows_each_message_its_own_part_and_that_the_connection_was_kept()
    {
        await using var scene = new CourierScene();

        var first = await scene.SendAsync(Plain, "bob@there.test");
        var second = await scene.SendAsync(Plain, "cy@there.test");

        Assert.Contains(first.Sessions[0].Dialogue, line => line.Text.StartsWith("EHLO", StringComparison.Ordinal));
        Assert.DoesNotContain(first.Sessions[0].Dialogue, line => line.Text.Contains("cy@", StringComparison.Ordinal));
        Assert.Contains("is used again, for its message 2, without TLS", second.Sessions[0].Dialogue[0].Text, StringComparison.Ordinal);
        Assert.Equal("MAIL FROM:<ann@here.test> SIZE=22", second.Sessions[0].Dialogue[1].Text);
        Assert.DoesNotContain(second.Sessions[0].Dialogue, line => line.Text.Contains("bob@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gives_the_connection_to_another_message_while_the_first_is_being_committed()
    {
        await using var scene = new CourierScene();
        var disk = new TaskCompletionSource();
        scene.Commit = () => disk.Task;

        var first = scene.SendAsync(Plain, "bob@there.test");
        await RelayScene.UntilAsync(() => scene.Peer.Messages.Count == 1 && scene.Pool.Idle == 1);
        Assert.False(first.IsCompleted);

        scene.Commit = () => Task.CompletedTask;
        await scene.SendAsync(Plain, "cy@there.test");
        Assert.Equal(2, scene.Peer.Messages.Count);
        Assert.False(first.IsCompleted);

        disk.SetResult();
        await first;
        Assert.Equal(1, scene.Peer.Connections);
    }

    [Theory]
    [InlineData(3, 3, 1)]
    [InlineData(3, 4, 2)]
    public async Task Sends_so_many_messages_over_one_connection(int most, int messages, int connections)
    {
        await using var scene = new CourierScene { Options = new() { Connections = new() { MaxMessages = most } } };

        for (var i = 0; i < messages; i++)
            await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(connections, scene.Peer.Connections);
        Assert.Equal(messages, scene.Peer.Messages.Count);
    }

    [Theory]
    [InlineData(1999, 1)]
    [InlineData(2000, 2)]
    public async Task Lets_a_connection_go_that_has_been_idle_so_long(int milliseconds, int connections)
    {
        var clock = new FakeTimeProvider();
        await using var scene = new CourierScene { Clock = clock };

        await scene.SendAsync(Plain, "bob@there.test");
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(connections, scene.Peer.Connections);
    }

    [Theory]
    [InlineData(9999, 1)]
    [InlineData(10_000, 2)]
    public async Task Begins_nothing_on_a_connection_that_is_too_old(int milliseconds, int connections)
    {
        var clock = new FakeTimeProvider();
        await using var scene = new CourierScene { Clock = clock, Options = new() { Connections = new() { IdleTime = TimeSpan.FromMinutes(1), MaxAge = TimeSpan.FromSeconds(10) } } };

        await scene.SendAsync(Plain, "bob@there.test");
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(connections, scene.Peer.Connections);
    }

    [Fact]
    public async Task Keeps_nothing_when_that_is_switched_off()
    {
        await using var scene = new CourierScene { Options = new() { Connections = new() { IdleTime = TimeSpan.Zero } } };

        await scene.SendAsync(Plain, "bob@there.test");
        Assert.Equal(0, scene.Pool.Idle);
        await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(2, scene.Peer.Connections);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public async Task Keeps_so_many_idle_ones_of_one_host(int messages, int idle)
    {
        await using var scene = new CourierScene { Options = new() { Connections = new() { MaxIdlePerHost = 2 } } };
        await SendAtOnceAsync(scene, messages, host: 0);

        Assert.Equal(messages, scene.Peer.Connections);
        Assert.Equal(idle, scene.Pool.Idle);
    }

    [Fact]
    public async Task Keeps_so_many_idle_ones_over_all_hosts()
    {
        await using var scene = new CourierScene(hosts: 2) { Options = new() { Connections = new() { MaxIdle = 3 } } };

        await SendAtOnceAsync(scene, 2, host: 0);
        await SendAtOnceAsync(scene, 1, host: 1);
        Assert.Equal(3, scene.Pool.Idle);

        await SendAtOnceAsync(scene, 2, host: 1);
        Assert.Equal(3, scene.Pool.Idle);
    }

    [Fact]
    public async Task Does_not_use_a_connection_that_the_host_has_closed()
    {
        await using var scene = new CourierScene();
        scene.Peer.OnCommand = line => line == "." ? "250 2.0.0 taken\r\n421 4.4.2 that was all" : null;

        await scene.SendAsync(Plain, "bob@there.test");
        var report = await scene.SendAsync(Plain, "cy@there.test");

        Assert.Equal("Delivered", OutcomeKindOf(report));
        Assert.Equal(2, scene.Peer.Connections);
        Assert.Single(report.Sessions);
    }

    [Theory]
    [InlineData("MAIL", "421 4.4.2 idle too long")]
    [InlineData("MAIL", SmtpPeer.Drop)]
    [InlineData("MAIL", "452 4.5.3 too many messages in this session")]
    [InlineData("MAIL", "503 5.5.1 you have had your turn")]
    [InlineData("RCPT", "421 4.4.2 idle too long")]
    [InlineData("RCPT", SmtpPeer.Drop)]
    [InlineData("DATA", SmtpPeer.Drop)]
    public async Task Sends_a_message_over_a_new_connection_when_a_kept_one_is_of_no_use(string verb, string reply)
    {
        await using var scene = new CourierScene();
        var seen = 0;
        scene.Peer.OnCommand = line => line.StartsWith(verb, StringComparison.Ordinal) && Interlocked.Increment(ref seen) == 2 ? reply : null;

        await scene.SendAsync(Plain, "bob@there.test");
        var report = await scene.SendAsync(Plain, "cy@there.test");

        Assert.Equal("Delivered", OutcomeKindOf(report));
        Assert.Equal(2, scene.Peer.Connections);
        Assert.Equal(2, scene.Peer.Messages.Count(message => message.Octets.Length > 0));
    }

    [Fact]
    public async Task Does_not_send_a_message_twice_when_a_kept_connection_breaks_after_the_dot()
    {
        await using var scene = new CourierScene();
        var seen = 0;
        scene.Peer.OnCommand = line => line == "." && Interlocked.Increment(ref seen) == 2 ? SmtpPeer.Drop : null;

        await scene.SendAsync(Plain, "bob@there.test");
        var report = await scene.SendAsync(Plain, "cy@there.test");

        Assert.Equal("Deferred", OutcomeKindOf(report));
        Assert.Equal(1, scene.Peer.Connections);
    }

    [Fact]
    public async Task Never_shares_a_session_between_credentials_or_levels_of_TLS()
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["PIPELINING", "AUTH PLAIN"];
        scene.Peer.OnCommand = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? "235 2.7.0 welcome" : null;

        foreach (var transport in new[]
                 {
                     new Transport("a", 0), new Transport("a", 0) { Credentials = new("ann", "1") }, new Transport("a", 0) { Credentials = new("ann", "2") },
                     new Transport("a", 0) { Tls = TlsPolicy.None }, new Transport("b", 0),
                 })
        {
            scene.Transport = transport;
            await scene.SendAsync(Plain, "bob@there.test");
            await scene.SendAsync(Plain, "bob@there.test");
        }

        Assert.Equal(5, scene.Peer.Connections);
        Assert.Equal(10, scene.Peer.Messages.Count);
    }

    [Fact]
    public async Task Resets_a_transaction_that_came_to_nothing_before_the_next()
    {
        await using var scene = new CourierScene();
        scene.Peer.OnCommand = line => line == "RCPT TO:<no@there.test>" ? "550 5.1.1 no" : null;

        await scene.SendAsync(Plain, "no@there.test");
        await RelayScene.UntilAsync(() => scene.Pool.Idle == 1);
        await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(1, scene.Peer.Connections);
        Assert.Equal(["RSET", "MAIL FROM:<ann@here.test> SIZE=22", "RCPT TO:<bob@there.test>"], scene.Peer.Commands.SkipWhile(command => command != "RSET").Take(3));
    }

    [Fact]
    public async Task Takes_leave_at_the_end_of_the_program_and_waits_for_nobody()
    {
        await using var scene = new CourierScene { Clock = new FakeTimeProvider() };
        scene.Peer.OnCommand = line => line == "QUIT" ? SmtpPeer.Silence : null;

        await scene.SendAsync(Plain, "bob@there.test");
        await scene.CloseAsync();

        Assert.Equal("QUIT", scene.Peer.Commands[^1]);
    }

    private static async Task SendAtOnceAsync(CourierScene scene, int messages, int host)
    {
        var together = new TaskCompletionSource();
        var waiting = 0;
        scene.OnlyHost = host;
        scene.Peers[host].OnCommand = line =>
        {
            if (line == "." && Interlocked.Increment(ref waiting) == messages)
                together.SetResult();
            if (line == ".")
                together.Task.Wait(TimeSpan.FromSeconds(30));
            return null;
        };
        await Task.WhenAll(Enumerable.Range(0, messages).Select(_ => scene.SendAsync(Plain, "bob@there.test")));
    }

    private static string OutcomeKindOf(CourierReport report) => Assert.Single(report.Results).Outcome.Kind.ToString();
}
