using System.Net;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>LMTP, Unix sockets, source addresses, LIMITS: how a host is spoken with beyond plain SMTP.</summary>
public sealed class TransportTests
{
    private const string Plain = "Subject: x\r\n\r\nHello.\r\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Speaks_LMTP_and_gives_each_recipient_its_own_reply_after_the_dot(bool pipelining)
    {
        await using var scene = Lmtp(pipelining);
        scene.Peer.OnCommand = line => line switch
        {
            "RCPT TO:<no@there.test>" => "550 5.1.1 no such mailbox",
            ". RCPT TO:<full@there.test>" => "452 4.2.2 full",
            ". RCPT TO:<never@there.test>" => "552 5.2.2 over quota",
            _ => null,
        };

        var report = await scene.SendAsync(Plain, "yes@there.test", "no@there.test", "full@there.test", "never@there.test", "too@there.test");

        Assert.Equal(["Delivered 2.1.5", "Failed 5.1.1", "Deferred 4.2.2", "Failed 5.2.2", "Delivered 2.1.5"], Outcomes(report));
        Assert.Equal("552 5.2.2 over quota", report.Results[3].Outcome.RemoteReply);
        Assert.Equal(["yes@there.test", "too@there.test"], scene.Taken);
        Assert.Equal("LHLO mx.here.test", scene.Peer.Commands[0]);
    }

    [Theory]
    [InlineData(SmtpPeer.Drop, "Deferred 4.4.2")]
    [InlineData("421 4.3.2 closing", "Deferred 4.3.2")]
    [InlineData("what?", "Deferred 4.5.0")]
    public async Task Counts_the_replies_that_came_before_a_break(string reply, string others)
    {
        await using var scene = Lmtp(pipelining: true);
        scene.Peer.OnCommand = line => line == ". RCPT TO:<b@there.test>" ? reply : null;

        var report = await scene.SendAsync(Plain, "a@there.test", "b@there.test", "c@there.test");

        Assert.Equal(["Delivered 2.1.5", others, others], Outcomes(report));
        Assert.Equal(["a@there.test"], scene.Taken);
    }

    [Fact]
    public async Task Sends_the_next_message_over_the_same_LMTP_session()
    {
        await using var scene = Lmtp(pipelining: true);

        await scene.SendAsync(Plain, "a@there.test", "b@there.test");
        await scene.SendAsync(Plain, "c@there.test");

        Assert.Equal(3, scene.Peer.Messages.Count);
        Assert.Equal(1, scene.Peer.Connections);
    }

    [Fact]
    public async Task Does_not_fall_back_to_HELO_in_LMTP()
    {
        await using var scene = Lmtp(pipelining: true);
        scene.Peer.OnCommand = line => line.StartsWith("LHLO", StringComparison.Ordinal) ? "500 what?" : null;

        Assert.Equal(["Failed 5.0.0"], Outcomes(await scene.SendAsync(Plain, "a@there.test")));
        await scene.CloseAsync();
        Assert.Equal(["LHLO mx.here.test", "QUIT"], scene.Peer.Commands);
    }

    [Fact]
    public async Task Connects_to_a_Unix_socket()
    {
        using var directory = new TempDirectory();
        await using var server = new SmtpPeer(directory.File("lmtp")) { IsLmtp = true };
        await using var scene = new CourierScene { Transport = new Transport("dovecot", 0) { Protocol = RelayProtocol.Lmtp, UnixSocket = directory.File("lmtp") } };

        var report = await scene.SendAsync(Plain, "bob@there.test");
        await scene.SendAsync(Plain, "cy@there.test");

        Assert.Equal(["Delivered 2.1.5"], Outcomes(report));
        Assert.Equal(2, server.Messages.Count);
        Assert.Equal(1, server.Connections);
        Assert.Contains(directory.File("lmtp"), report.Sessions[0].Peer, StringComparison.Ordinal);
        await scene.CloseAsync();
    }

    [Fact]
    public async Task Defers_what_is_for_a_Unix_socket_at_which_nobody_listens()
    {
        using var directory = new TempDirectory();
        await using var scene = new CourierScene { Transport = new Transport("dovecot", 0) { UnixSocket = directory.File("nobody") } };

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(["Deferred 4.4.1"], Outcomes(report));
        Assert.True(report.Unreachable);
    }

    [Fact]
    public async Task Connects_from_the_first_source_address_of_the_family()
    {
        await using var scene = new CourierScene { Transport = new Transport("out", 0) { SourceAddresses = [IPAddress.IPv6Loopback, IPAddress.Parse("127.0.0.77"), IPAddress.Parse("127.0.0.78")] } };

        await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal([IPAddress.Parse("127.0.0.77")], scene.Peer.Clients);
    }

    [Fact]
    public async Task Says_so_when_a_source_address_is_not_ours()
    {
        await using var scene = new CourierScene { Transport = new Transport("out", 0) { SourceAddresses = [IPAddress.Parse("192.0.2.1")] } };

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(["Deferred 4.4.1"], Outcomes(report));
        Assert.Contains("192.0.2.1, a source address of the transport out, is not an address of this machine", report.Results[0].Outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LIMITS RCPTMAX=2", 2, 1, 1)]
    [InlineData("LIMITS RCPTMAX=2", 3, 2, 1)]
    [InlineData("LIMITS RCPTMAX=2 MAILMAX=2", 4, 2, 1)]
    [InlineData("LIMITS MAILMAX=2 RCPTMAX=2", 5, 3, 2)]
    [InlineData("limits rcptmax=2 MAILMAX=x UNKNOWN=3 RCPTMAX", 5, 3, 1)]
    [InlineData("LIMITS RCPTMAX=0 MAILMAX=0", 5, 1, 1)]
    public async Task Heeds_how_many_recipients_and_transactions_a_host_takes(string limits, int recipients, int transactions, int connections)
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["PIPELINING", limits];

        var report = await scene.SendAsync(Plain, [.. Enumerable.Range(0, recipients).Select(i => $"r{i}@there.test")]);

        Assert.All(Outcomes(report), outcome => Assert.Equal("Delivered 2.0.0", outcome));
        Assert.Equal(transactions, scene.Peer.Messages.Count);
        Assert.Equal(connections, scene.Peer.Connections);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task Begins_no_more_messages_in_a_session_than_the_host_takes(int messages, int connections)
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["LIMITS MAILMAX=2"];

        for (var i = 0; i < messages; i++)
            Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));

        Assert.Equal(connections, scene.Peer.Connections);
    }

    [Theory]
    [InlineData("a.test", 1)]
    [InlineData("b.test", 2)]
    public async Task Names_no_more_domains_in_a_session_than_the_host_takes(string second, int connections)
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["LIMITS RCPTDOMAINMAX=1"];

        await scene.SendAsync(Plain, "x@a.test");
        Assert.Equal(["Delivered 2.0.0", "Delivered 2.0.0"], Outcomes(await scene.SendAsync(Plain, "x@a.test", $"y@{second}")));

        Assert.Equal(connections, scene.Peer.Connections);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    public async Task Asks_for_no_more_recipients_at_once_than_every_server_takes(int recipients, int transactions)
    {
        await using var scene = new CourierScene();

        var report = await scene.SendAsync(Plain, [.. Enumerable.Range(0, recipients).Select(i => $"r{i}@there.test")]);

        Assert.All(Outcomes(report), outcome => Assert.Equal("Delivered 2.0.0", outcome));
        Assert.Equal(transactions, scene.Peer.Messages.Count);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    public async Task Opens_so_many_further_sessions_for_those_who_are_left_over(int further, int taken)
    {
        await using var scene = new CourierScene { Limits = new() { MaxFurtherSessions = further } };
        scene.Peer.Extensions = ["LIMITS RCPTMAX=1 MAILMAX=1"];

        var report = await scene.SendAsync(Plain, "a@there.test", "b@there.test", "c@there.test", "d@there.test");

        Assert.Equal(taken, report.Results.Count(result => result.Outcome.Kind.ToString() == "Delivered"));
        Assert.All(Outcomes(report).Skip(taken), outcome => Assert.Equal("Deferred 4.5.3", outcome));
    }

    [Fact]
    public async Task Does_not_end_before_what_was_taken_is_on_disk_though_the_program_ends()
    {
        using var ending = new CancellationTokenSource();
        var isOnDisk = false;
        await using var scene = new CourierScene
        {
            Cancel = ending.Token,
            Commit = async () =>
            {
                // A while longer than an attempt takes that does not wait for it.
                var looks = 0;
                await RelayScene.UntilAsync(() => ending.IsCancellationRequested && ++looks > 20);
                isOnDisk = true;
            },
        };
        scene.Peer.Extensions = ["LIMITS RCPTMAX=1"];
        scene.Peer.OnCommand = line => line == "RCPT TO:<b@there.test>" ? SmtpPeer.Silence : null;

        var sending = scene.SendAsync(Plain, "a@there.test", "b@there.test");
        await RelayScene.UntilAsync(() => scene.Peer.Commands is [.., "RCPT TO:<b@there.test>"]);
        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.True(isOnDisk);
    }

    [Fact]
    public async Task Serves_those_who_are_left_over_in_clear_where_TLS_does_not_work()
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["STARTTLS", "LIMITS RCPTMAX=1 MAILMAX=1"]; // and no certificate

        var report = await scene.SendAsync(Plain, "a@there.test", "b@there.test", "c@there.test");

        Assert.All(Outcomes(report), outcome => Assert.Equal("Delivered 2.0.0", outcome));
        Assert.Equal(4, scene.Peer.Connections);
        Assert.Equal("without TLS, which it offered and which did not work", report.Sessions[^1].Security);
    }

    private static CourierScene Lmtp(bool pipelining)
    {
        var scene = new CourierScene { Transport = new Transport("lmtp", 0) { Protocol = RelayProtocol.Lmtp } };
        scene.Peer.IsLmtp = true;
        scene.Peer.Extensions = pipelining ? ["PIPELINING"] : [];
        return scene;
    }

    private static IEnumerable<string> Outcomes(CourierReport report) => report.Results.Select(result => $"{result.Outcome.Kind} {result.Outcome.Status}");
}
