using System.Text;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Source routes: honoured as RFC 821 §3.6 has them where the option says so, read and ignored otherwise (RFC 5321 App. C).</summary>
public sealed class SourceRouteTests
{
    private static readonly string SignedIn = $"""
        S: 220 *
        C: EHLO client.example.net
        S: (250-... )
        C: {TurnScene.Auth("alice@example.org")}
        S: 235 *

        """;

    private const string Content = """
        C: DATA
        S: 354 *
        C: Subject: by way of
        C: 
        C: Hello.
        C: .
        S: 250 *
        """;

    private static MtaOptions Rfc821(MtaOptions options) => options with { SourceRoutes = SourceRoutes.Rfc821 };

    [Theory, EveryChunking]
    public async Task Moves_its_own_name_from_the_forward_path_to_the_reverse_path(Chunking chunking)
    {
        await using var two = new SmtpPeer();
        await using var scene = await TurnScene.StartAsync(configure: Rfc821, mx: two);
        scene.Dns.Mx("two.test", 10, "mx.customer.test");
        await scene.PlayAsync(chunking, SignedIn + """
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<@mx.example.org,@two.test,@three.test:joe@four.test>
            S: 250 2.1.5 *

            """ + Content);
        await RelayScene.UntilAsync(() => two.Messages.Count == 1 && scene.Count("Messages") == 0);
        Assert.StartsWith("MAIL FROM:<@mx.example.org:alice@example.org>", two.Messages[0].Mail, StringComparison.Ordinal);
        Assert.Equal(["RCPT TO:<@two.test,@three.test:joe@four.test>"], two.Messages[0].Rcpts);
    }

    [Theory]
    [InlineData("<@example.org:joe@two.test>", "<joe@two.test>", "<@mx.example.org:alice@example.org>")]
    [InlineData("<@mx.example.org,@example.org,@two.test:joe@two.test>", "<@two.test:joe@two.test>", "<@mx.example.org:alice@example.org>")]
    [InlineData("<@two.test:joe@three.test>", "<@two.test:joe@three.test>", "<alice@example.org>")]
    [InlineData("<@two.test:alice@example.org>", "<@two.test:alice@example.org>", "<alice@example.org>")]
    [InlineData("<joe@two.test>", "<joe@two.test>", "<alice@example.org>")]
    public async Task Goes_to_the_first_host_that_is_left(string path, string onward, string reversePath)
    {
        await using var two = new SmtpPeer();
        await using var scene = await TurnScene.StartAsync(configure: Rfc821, mx: two);
        scene.Dns.Mx("two.test", 10, "mx.customer.test");
        await scene.PlayAsync(Chunking.WholeTurn, SignedIn + $"""
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:{path}
            S: 250 2.1.5 *

            """ + Content);
        await RelayScene.UntilAsync(() => two.Messages.Count == 1);
        Assert.Equal([$"RCPT TO:{onward}"], two.Messages[0].Rcpts);
        Assert.StartsWith($"MAIL FROM:{reversePath} ", two.Messages[0].Mail, StringComparison.Ordinal);
    }

    [Theory, EveryChunking]
    public async Task Keeps_the_route_of_a_reverse_path_and_sends_the_report_by_it(Chunking chunking)
    {
        await using var one = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT TO:<green", StringComparison.Ordinal) ? "550 5.1.1 no such mailbox" : null };
        await using var scene = await TurnScene.StartAsync(configure: Rfc821, mx: one);
        scene.Dns.Mx("one.test", 10, "mx.customer.test").Mx("two.test", 10, "mx.customer.test");
        await scene.PlayAsync(chunking, SignedIn + """
            C: MAIL FROM:<@one.test,@zero.test:alice@example.org>
            S: 250 *
            C: RCPT TO:<@mx.example.org:green@two.test>
            S: 250 *

            """ + Content);
        await RelayScene.UntilAsync(() => one.Messages.Count == 1 && scene.Count("Messages") == 0);
        Assert.Contains(one.Commands, command => command.StartsWith("MAIL FROM:<@mx.example.org,@one.test,@zero.test:alice@example.org>", StringComparison.Ordinal));
        var report = one.Messages[0];
        Assert.StartsWith("MAIL FROM:<>", report.Mail, StringComparison.Ordinal);
        Assert.StartsWith("RCPT TO:<@one.test,@zero.test:alice@example.org>", Assert.Single(report.Rcpts), StringComparison.Ordinal);
        Assert.Contains("no such mailbox", report.Text, StringComparison.Ordinal);
    }

    [Theory, EveryChunking]
    public async Task Delivers_here_when_no_host_is_left(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, Rfc821);
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: EHLO client.example.net
            S: (250-... )
            C: MAIL FROM:<@one.test:carol@example.net>
            S: 250 *
            C: RCPT TO:<@mx.example.org:alice@example.org>
            S: 250 *

            """ + Content);
        Assert.Equal("<@one.test:carol@example.net>", Assert.Single(scene.Mailboxes.Of("alice@example.org")).ReversePath.ToString());
    }

    [Theory, EveryChunking]
    public async Task Is_no_way_to_relay_for_strangers(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, options => Rfc821(options) with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain>(options.TurnDomains) { [Domain.Parse("other.test")] = TurnScene.Domains("203.0.113.0/24", "alice@example.org") },
        });
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: EHLO client.example.net
            S: (250-... )
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<@mx.example.org:joe@two.test>
            S: 550 5.7.1 *
            C: RCPT TO:<@two.test:joe@three.test>
            S: 550 5.7.1 *
            C: RCPT TO:<@two.test:alice@example.org>
            S: 550 5.7.1 *
            C: RCPT TO:<@mx.example.org,@two.test:joe@three.test>
            S: 550 5.7.1 *
            C: RCPT TO:<@mx.example.org,@customer.test:joe@three.test>
            S: 550 5.7.1 *
            C: RCPT TO:<@mx.example.org,@two.test:joe@customer.test>
            S: 550 5.7.1 *
            C: RCPT TO:<@mx.example.org,@other.test:joe@customer.test>
            S: 250 2.1.5 *
            C: RCPT TO:<@mx.example.org:joe@customer.test>
            S: 250 2.1.5 *
            """);
    }

    [Fact]
    public async Task Is_refused_while_relaying_is_off()
    {
        await using var scene = await TurnScene.StartAsync(configure: options => Rfc821(options) with { RelayEnabled = false });
        await scene.PlayAsync(Chunking.WholeTurn, SignedIn + """
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<@mx.example.org,@two.test:joe@three.test>
            S: 550 5.7.1 *
            """);
    }

    [Theory, EveryChunking]
    public async Task Is_ignored_both_ways_by_default(Chunking chunking)
    {
        await using var three = new SmtpPeer();
        await using var scene = await TurnScene.StartAsync(mx: three);
        scene.Dns.Mx("three.test", 10, "mx.customer.test");
        await scene.PlayAsync(chunking, SignedIn + """
            C: MAIL FROM:<@one.test:alice@example.org>
            S: 250 *
            C: RCPT TO:<@mx.example.org,@two.test:joe@three.test>
            S: 250 *

            """ + Content);
        await RelayScene.UntilAsync(() => three.Messages.Count == 1);
        Assert.StartsWith("MAIL FROM:<alice@example.org> ", three.Messages[0].Mail, StringComparison.Ordinal);
        Assert.Equal(["RCPT TO:<joe@three.test>"], three.Messages[0].Rcpts);
    }

    /// <summary>RFC 5321 §4.5.3.1.3.</summary>
    [Theory]
    [InlineData(256, "250 2.1.5 *")]
    [InlineData(257, "501 5.1.3 *")]
    public async Task Has_the_length_of_a_path(int octets, string reply)
    {
        var route = new StringBuilder("<");
        while (route.Length < 200)
            route.Append(route.Length == 1 ? "@two.test" : ",@two.test");
        route.Append(":joe@").Append('a', octets - route.Length - ".test>".Length).Append(".test>");
        Assert.Equal(octets, route.Length);
        await using var scene = await TurnScene.StartAsync(configure: Rfc821);
        await scene.PlayAsync(Chunking.WholeTurn, SignedIn + $"""
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:{route}
            S: {reply}
            """);
    }
}
