using System.Net;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>The dialogues come from 192.0.2.7.</summary>
public sealed class XforwardTests
{
    private const string Hello = """
        S: 220 *
        C: EHLO filter.example.net
        S: (250-... XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE)

        """;

    private const string Message = """
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: DATA
        S: 354 *
        C: .
        S: 250 *

        """;

    [EhloKeyword("XFORWARD")]
    [Catalogue("XFORWARD", 250)]
    [Theory, EveryChunking]
    public async Task Tells_the_journey_where_the_next_message_came_from(Chunking chunking)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(chunking, Hello + """
            C: XFORWARD NAME=mail.example.com ADDR=203.0.113.9 PORT=40000
            S: 250 2.0.0 *
            C: XFORWARD HELO=spike.example.com PROTO=ESMTP IDENT=3+20Xyz SOURCE=REMOTE
            S: 250 2.0.0 *

            """ + Message + Message);
        Assert.Equal(
            ["filter.example.net [192.0.2.7] for spike.example.com [203.0.113.9], 3 Xyz there", "filter.example.net [192.0.2.7]"],
            scene.Journeys.Events.Select(told => told.Peer));
    }

    /// <summary>It is for log and journey: trust and trace go by who really connected.</summary>
    [Fact]
    public async Task Changes_nothing_else()
    {
        await using var scene = Trusting();
        await scene.PlayAsync(Chunking.WholeTurn, Hello + """
            C: XFORWARD NAME=mail.example.com ADDR=203.0.113.9 HELO=spike.example.com
            S: 250 *

            """ + Message);
        Assert.Contains("from filter.example.net ([192.0.2.7])", scene.Mailboxes.Of("alice@example.org").Single().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE] SOURCE=LOCAL", "filter.example.net [192.0.2.7] for unknown [local]")]
    [InlineData("ADDR=IPV6:2001:db8::9 HELO=[TEMPUNAVAIL]", "filter.example.net [192.0.2.7] for unknown [2001:db8::9]")]
    [InlineData("IDENT=[UNAVAILABLE] NAME=mail.example.com", "filter.example.net [192.0.2.7] for mail.example.com [unknown]")]
    public async Task Says_so_where_something_is_not_known(string attributes, string peer)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: XFORWARD {attributes}
            S: 250 *

            """ + Message);
        Assert.Equal(peer, scene.Journeys.Events.Single().Peer);
    }

    [Catalogue("XFORWARD", 550)]
    [Theory, EveryChunking]
    public Task Is_refused_to_others_and_not_shown_to_them(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... !XFORWARD*)
        C: XFORWARD ADDR=203.0.113.9
        S: 550 5.7.1 *
        """, configure: options => options with { XforwardPeers = [IPNetwork.Parse("192.0.2.8/29")] });

    [Catalogue("XFORWARD", 501)]
    [Theory]
    [InlineData("")]
    [InlineData(" LOGIN=alice")]
    [InlineData(" SOURCE=HERE")]
    [InlineData(" IDENT=a+00")]
    [InlineData(" IDENT=a=b")]
    public async Task Must_be_well_formed(string arguments)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: XFORWARD{arguments}
            S: 501 5.5.4 *
            """);
    }

    [Catalogue("XFORWARD", 503)]
    [Theory, EveryChunking]
    public async Task Does_not_come_in_a_transaction(Chunking chunking)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(chunking, Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: XFORWARD ADDR=203.0.113.9
            S: 503 5.5.1 *
            """);
    }

    private static SmtpScene Trusting() => new(configure: options => options with { XforwardPeers = [IPNetwork.Parse("192.0.2.0/29")] });
}
