using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>The dialogues come from 192.0.2.7.</summary>
public sealed class XclientTests
{
    private const string Hello = """
        S: 220 mx.example.org ESMTP MailSuite
        C: EHLO proxy.example.net
        S: (250-... XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT)

        """;

    [EhloKeyword("XCLIENT")]
    [Catalogue("XCLIENT", 220)]
    [Theory, EveryChunking]
    public async Task Makes_the_session_another_clients(Chunking chunking)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(chunking, Hello + """
            C: XCLIENT NAME=mail.example.com ADDR=203.0.113.9 PORT=40000 HELO=spike+2Eexample.com PROTO=SMTP DESTADDR=198.51.100.1 DESTPORT=25
            S: 220 mx.example.org ESMTP MailSuite
            C: MAIL FROM:<carol@example.net>
            S: 503 5.5.1 *
            C: EHLO proxy.example.net
            S: (250-... !XCLIENT*)
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        var text = scene.Mailboxes.Of("alice@example.org").Single().Text;
        Assert.Contains("Received: from spike.example.com (mail.example.com [203.0.113.9])\r\n\tby mx.example.org with SMTP id", text, StringComparison.Ordinal);
        Assert.Contains(scene.Journeys.Events, told => told.Peer == "spike.example.com [203.0.113.9]");
    }

    [Theory, EveryChunking]
    public async Task What_an_earlier_one_told_stays(Chunking chunking)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(chunking, Hello + """
            C: XCLIENT NAME=mail.example.com HELO=first.example.com PROTO=SMTP
            S: 220 *
            C: EHLO proxy.example.net
            S: (250-... XCLIENT*)
            C: XCLIENT HELO=spike.example.com
            S: 220 *
            C: XCLIENT ADDR=203.0.113.9
            S: 220 *
            C: EHLO proxy.example.net
            S: (250-... !XCLIENT*)
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Contains("Received: from spike.example.com (mail.example.com [203.0.113.9])\r\n\tby mx.example.org with SMTP id", scene.Mailboxes.Of("alice@example.org").Single().Text, StringComparison.Ordinal);
    }

    [Theory, EveryChunking]
    public async Task Tells_an_address_of_IPv6_and_one_that_is_not_known(Chunking chunking)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(chunking, Hello + """
            C: XCLIENT ADDR=IPV6:2001:db8::9 NAME=[UNAVAILABLE]
            S: 220 *
            C: HELO client.example.com
            S: 250 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        await scene.PlayAsync(chunking, Hello + """
            C: XCLIENT ADDR=[UNAVAILABLE] NAME=[TEMPUNAVAIL] HELO=[UNAVAILABLE] PROTO=[UNAVAILABLE] PORT=[UNAVAILABLE] LOGIN=[UNAVAILABLE]
            S: 220 *
            C: EHLO client.example.com
            S: (250-... !XCLIENT*)
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Contains("from client.example.com ([IPv6:2001:db8::9])\r\n\tby mx.example.org with SMTP id", scene.Mailboxes.Of("alice@example.org").Single().Text, StringComparison.Ordinal);
        Assert.Contains("from client.example.com\r\n\tby mx.example.org with ESMTP id", scene.Mailboxes.Of("bob@example.org").Single().Text, StringComparison.Ordinal);
    }

    [Theory, EveryChunking]
    public async Task Tells_who_has_authenticated(Chunking chunking)
    {
        await using var scene = Trusting(SmtpRole.Submission);
        await scene.PlayAsync(chunking, Hello + """
            C: XCLIENT ADDR=203.0.113.9 LOGIN=alice@example.org
            S: 220 *
            C: EHLO client.example.com
            S: (250-...)
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<someone@elsewhere.example>
            S: 250 *
            """);
    }

    [Catalogue("XCLIENT", 550)]
    [Theory, EveryChunking]
    public async Task Believes_in_no_account_that_does_not_exist(Chunking chunking)
    {
        await using var scene = Trusting(SmtpRole.Submission);
        await scene.PlayAsync(chunking, Hello + """
            C: XCLIENT ADDR=203.0.113.9 LOGIN=nobody@example.org
            S: 550 5.7.1 *
            C: XCLIENT LOGIN=alice
            S: 550 5.7.1 *
            C: MAIL FROM:<alice@example.org>
            S: 530 5.7.0 *
            """);
    }

    [Catalogue("XCLIENT", 550)]
    [Theory, EveryChunking]
    public Task Is_refused_to_others_and_not_shown_to_them(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C: XCLIENT ADDR=203.0.113.9
        S: 550 5.7.1 *
        C: EHLO client.example.net
        S: (250-... !XCLIENT*)
        C: XCLIENT ADDR=203.0.113.9
        S: 550 5.7.1 *
        """, configure: options => options with { XclientPeers = [IPNetwork.Parse("192.0.2.8/29")] });

    /// <summary>The server in front hands on what its client says: that one must not become another.</summary>
    [Theory, EveryChunking]
    public async Task Is_refused_to_the_client_that_it_told_of(Chunking chunking)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(chunking, Hello + """
            C: XCLIENT ADDR=203.0.113.9
            S: 220 *
            C: XCLIENT ADDR=192.0.2.7
            S: 550 5.7.1 *
            """);
    }

    [Catalogue("XCLIENT", 501)]
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" ADDR")]
    [InlineData(" ADDR=")]
    [InlineData(" ADDR=203.0.113")]
    [InlineData(" ADDR=2001:db8::1")]
    [InlineData(" ADDR=IPV6:203.0.113.9")]
    [InlineData(" ADDR=203.0.113.9 ADDR=203.0.113.9")]
    [InlineData(" PORT=65536")]
    [InlineData(" PROTO=LMTP")]
    [InlineData(" NAME=not+20a+20name")]
    [InlineData(" NAME=[192.0.2.1]")]
    [InlineData(" HELO=a+0D+0AMAIL")]
    [InlineData(" LOGIN=alice+")]
    [InlineData(" LOGIN=alice+2")]
    [InlineData(" LOGIN=alice+0a")]
    [InlineData(" IDENT=x")]
    [InlineData(" COLOUR=red")]
    public async Task Must_be_well_formed(string arguments)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: XCLIENT{arguments}
            S: 501 5.5.4 *
            """);
    }

    [Fact]
    public async Task A_value_has_255_characters_and_not_256()
    {
        await using var scene = Trusting();
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: XCLIENT LOGIN={new string('a', 255)}
            S: 550 5.7.1 *
            C: XCLIENT LOGIN={new string('a', 256)}
            S: 501 5.5.4 *
            """);
    }

    [Catalogue("XCLIENT", 503)]
    [Theory, EveryChunking]
    public async Task Does_not_come_in_a_transaction(Chunking chunking)
    {
        await using var scene = Trusting();
        await scene.PlayAsync(chunking, Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: XCLIENT ADDR=203.0.113.9
            S: 503 5.5.1 *
            """);
    }

    [Catalogue("XCLIENT", 421)]
    [Fact]
    public async Task The_client_that_it_tells_of_is_counted_instead_of_the_proxy()
    {
        await using var scene = Trusting(options: options => options with { MaxSessionsPerAddress = 1 });
        const string become = Hello + """
            C: XCLIENT ADDR=203.0.113.9
            S: 220 *

            """;
        await using var first = new ConnectedTransports(client: new IPEndPoint(IPAddress.Parse("203.0.113.9"), 40_000));
        var serving = scene.Server.ServeAsync(first.Server, scene.Role, CancellationToken.None);
        await scene.PlayAsync(Chunking.WholeTurn, Hello + """
            C: XCLIENT ADDR=203.0.113.9
            S: 421 4.7.0 *
            S: (closed)
            """);
        await first.Client.Output.CompleteAsync();
        await serving;
        await scene.PlayAsync(Chunking.WholeTurn, become);
        await scene.PlayAsync(Chunking.WholeTurn, become);
    }

    private static SmtpScene Trusting(SmtpRole role = SmtpRole.Mx, Func<MtaOptions, MtaOptions>? options = null) =>
        new(role, set => (options ?? (same => same))(set with { XclientPeers = [IPNetwork.Parse("192.0.2.0/29")] }));
}
