using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>ETRN (RFC 1985): the mail that waits for a domain goes to its MX at once.</summary>
public sealed class EtrnTests
{
    /// <summary>A client of 192.0.2.0/24 on the MX, without authentication.</summary>
    private const string Hello = """
        S: 220 *
        C: EHLO gateway.customer.test
        S: (250-... ETRN, !ATRN, !TURN)

        """;

    [Catalogue("253")]
    [Catalogue("ETRN", 253)]
    [EhloKeyword("ETRN")]
    [Theory, EveryChunking]
    public async Task Sends_what_is_held_to_the_MX_and_says_how_much(Chunking chunking)
    {
        await using var mx = new SmtpPeer();
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, mx: mx);
        await scene.HoldAsync("carol@example.net", "a@customer.test");
        await scene.HoldAsync("carol@example.net", "b@customer.test");
        Assert.Equal(0, mx.Connections);
        await scene.PlayAsync(chunking, Hello + """
            C: ETRN customer.test
            S: 253 2.0.0 OK, 2 pending messages for node customer.test started
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        await RelayScene.UntilAsync(() => mx.Messages.Count == 2 && scene.Count("Messages") == 0);
    }

    [Theory, EveryChunking]
    public async Task Releases_the_subdomains_that_are_the_clients_too(Chunking chunking)
    {
        await using var mx = new SmtpPeer();
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, mx: mx, configure: options => options with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain>(options.TurnDomains)
            {
                [Domain.Parse("sub.customer.test")] = TurnScene.Domains("192.0.2.0/24"),
                [Domain.Parse("foreign.customer.test")] = TurnScene.Domains("203.0.113.0/24"),
                [Domain.Parse("notcustomer.test")] = TurnScene.Domains("192.0.2.0/24"),
            },
        });
        scene.Dns.Mx("sub.customer.test", 10, "mx.customer.test");
        foreach (var domain in new[] { "customer.test", "sub.customer.test", "foreign.customer.test", "notcustomer.test" })
            await scene.HoldAsync("carol@example.net", $"a@{domain}");
        await scene.PlayAsync(chunking, Hello + """
            C: ETRN @customer.test
            S: 253 2.0.0 OK, 2 pending messages for node @customer.test started
            """);
        await RelayScene.UntilAsync(() => scene.Count("Messages") == 2);
        Assert.Equal(["RCPT TO:<a@customer.test>", "RCPT TO:<a@sub.customer.test>"], mx.Messages.SelectMany(message => message.Rcpts).Order(StringComparer.Ordinal));
    }

    [Catalogue("251")]
    [Catalogue("ETRN", 251)]
    [Theory, EveryChunking]
    public async Task Answers_251_without_mail(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx);
        await scene.PlayAsync(chunking, Hello + """
            C: etrn Customer.TEST
            S: 251 2.0.0 OK, no messages waiting for node customer.test
            """);
    }

    [Catalogue("ETRN", 250)]
    [Theory, EveryChunking]
    public async Task Answers_250_when_all_of_it_is_being_sent(Chunking chunking)
    {
        await using var mx = new SmtpPeer { Greeting = SmtpPeer.Silence };
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, mx: mx);
        await scene.HoldAsync("carol@example.net", "a@customer.test");
        await scene.PlayAsync(chunking, Hello + """
            C: ETRN customer.test
            S: 253 *
            C: ETRN customer.test
            S: 250 2.0.0 OK, queuing for node customer.test started
            """);
    }

    [Catalogue("ETRN", 252)]
    [Theory]
    [InlineData(1000, "253 2.0.0 OK, 1000 pending messages for node customer.test started")]
    [InlineData(1001, "252 2.0.0 OK, pending messages for node customer.test started")]
    public async Task Counts_a_thousand_messages_and_no_more(int messages, string reply)
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx);
        await scene.HoldAsync("carol@example.net", "first@customer.test");
        using var loan = await scene.Queue.LendAsync(["customer.test"]);
        await Task.WhenAll(Enumerable.Range(1, messages - 1).Select(_ => scene.SendAsync("carol@example.net", "bob@customer.test")));
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: ETRN customer.test
            S: {reply}
            """);
    }

    [Catalogue("458")]
    [Catalogue("459")]
    [Catalogue("ETRN", 458, 459, 501)]
    [Theory, EveryChunking]
    public async Task Refuses_other_domains_and_named_queues(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx);
        await scene.PlayAsync(chunking, Hello + """
            C: ETRN other.test
            S: 459 4.7.1 Node other.test not allowed: *
            C: ETRN @test
            S: 251 *
            C: ETRN @org
            S: 459 4.7.1 *
            C: ETRN #uucp
            S: 458 4.3.3 Unable to queue messages for node #uucp: *
            C: ETRN
            S: 501 5.5.4 *
            C: ETRN two words
            S: 501 5.5.4 *
            C: ETRN #
            S: 501 5.5.4 *
            """);
    }

    [Catalogue("ETRN", 530)]
    [Theory, EveryChunking]
    public async Task Wants_authentication_from_who_is_not_known_by_address(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(configure: options => options with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain> { [Domain.Parse("customer.test")] = TurnScene.Domains("203.0.113.0/24", "gateway@example.org") },
        });
        await scene.PlayAsync(chunking, $"""
            S: 220 *
            C: ETRN customer.test
            S: 503 5.5.1 *
            C: EHLO gateway.customer.test
            S: (250-... ETRN)
            C: ETRN customer.test
            S: 530 5.7.0 *
            C: {TurnScene.Auth("gateway@example.org")}
            S: 235 *
            C: ETRN customer.test
            S: 251 *
            """);
    }

    [Theory, EveryChunking]
    public async Task Is_not_offered_to_strangers(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, options => options with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain> { [Domain.Parse("customer.test")] = TurnScene.Domains("203.0.113.0/24", "gateway@example.org") },
        });
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: EHLO client.example.net
            S: (250-... !ETRN)
            C: ETRN customer.test
            S: 459 4.7.1 *
            """);
    }

    [Fact]
    public async Task Waits_between_two_requests_for_a_domain_as_long_as_it_is_told()
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, options => options with { TurnInterval = TimeSpan.FromSeconds(10) });
        await scene.PlayAsync(Chunking.WholeTurn, Hello + """
            C: ETRN customer.test
            S: 251 *
            T: 00:00:09.999
            C: ETRN customer.test
            S: 458 4.3.2 *
            T: 00:00:00.001
            C: ETRN customer.test
            S: 251 *
            """);
    }
}
