using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>ATRN (RFC 2645): a host fetches the mail of its domain over its own session.</summary>
public sealed class AtrnTests
{
    /// <summary>Up to a session in which gateway@example.org has authenticated.</summary>
    private static readonly string SignedIn = $"""
        S: 220 *
        C: EHLO gateway.customer.test
        S: (250-... ETRN, ATRN, TURN)
        C: {TurnScene.Auth("gateway@example.org")}
        S: 235 *

        """;

    /// <summary>The host's greeting after the turn, as one that knows only plain SMTP.</summary>
    private const string Turned = """
        S: 250 2.0.0 *
        C: 220 gateway.customer.test ready to receive email
        S: EHLO mx.example.org
        C: 250 gateway.customer.test

        """;

    [Catalogue("ATRN", 250)]
    [EhloKeyword("ATRN")]
    [Theory, EveryChunking]
    public async Task Turns_the_roles_and_sends_one_message_after_the_other(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        var first = await scene.HoldAsync("carol@example.net", "bob@customer.test", "Subject: one\r\n\r\n.dot\r\n");
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.HoldAsync("dave@example.net", "bea@customer.test", "Subject: two\r\n\r\n");
        await scene.PlayAsync(chunking, SignedIn + "C: ATRN customer.test\n" + Turned + """
            S: MAIL FROM:<carol@example.net>
            C: 250 ok
            S: RCPT TO:<bob@customer.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: one
            S: 
            S: ..dot
            S: .
            C: 250 2.0.0 taken
            S: MAIL FROM:<dave@example.net>
            C: 250 ok
            S: RCPT TO:<bea@customer.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: two
            S: 
            S: .
            C: 250 2.0.0 taken
            S: QUIT
            C: 221 closing
            S: (closed)
            """);

        Assert.Equal(0, scene.Count("Messages"));
        var relayed = Assert.Single(scene.Journeys.Events, one => one.Journey == first.Journey && one.Step == JourneyStep.Relayed);
        Assert.Equal("gateway.customer.test [192.0.2.7]", relayed.Peer);
        Assert.Contains("gateway.customer.test has taken the message", relayed.Summary, StringComparison.Ordinal);
        Assert.Equal("S: 220 gateway.customer.test ready to receive email", relayed.Dialogue[0].ToString());
        Assert.DoesNotContain(relayed.Dialogue, line => line.Text.Contains("dave", StringComparison.Ordinal));
        Assert.Contains("ATRN", Assert.Single(scene.Journeys.Events, one => one.Journey == first.Journey && one.Step == JourneyStep.Routed).Reason, StringComparison.Ordinal);
        Assert.Empty(scene.Log.Errors);
    }

    [Theory, EveryChunking]
    public async Task Uses_what_the_other_side_offers_after_the_turn(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("carol@example.net", "bob@customer.test");
        await scene.PlayAsync(chunking, SignedIn + """
            C: ATRN
            S: 250 2.0.0 *
            C: 220 gateway.customer.test ESMTP
            S: EHLO mx.example.org
            C: 250-gateway.customer.test
            C: 250-PIPELINING
            C: 250-STARTTLS
            C: 250 SIZE
            S: MAIL FROM:<carol@example.net> SIZE=25
            S: RCPT TO:<bob@customer.test>
            S: DATA
            C: 250 ok
            C: 250 ok
            C: 354 go on
            S: Subject: held
            S: 
            S: Hello.
            S: .
            C: 250 taken
            S: QUIT
            C: 221 bye
            S: (closed)
            """);
        Assert.Equal(0, scene.Count("Messages"));
    }

    [Theory, EveryChunking]
    public async Task Keeps_what_the_other_side_does_not_take_and_returns_what_it_refuses(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("alice@example.org", "nobody@customer.test");
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.HoldAsync("alice@example.org", "later@customer.test");
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.HoldAsync("alice@example.org", "bob@customer.test");
        await scene.PlayAsync(chunking, SignedIn + "C: ATRN\n" + Turned + """
            S: MAIL FROM:<alice@example.org>
            C: 250 ok
            S: RCPT TO:<nobody@customer.test>
            C: 550 5.1.1 There is nobody of that name
            S: RSET
            C: 250 ok
            S: MAIL FROM:<alice@example.org>
            C: 250 ok
            S: RCPT TO:<later@customer.test>
            C: 450 4.2.1 Busy
            S: RSET
            C: 250 ok
            S: MAIL FROM:<alice@example.org>
            C: 250 ok
            S: RCPT TO:<bob@customer.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: held
            S: 
            S: Hello.
            S: .
            C: 250 taken
            S: QUIT
            C: 221 bye
            S: (closed)
            """);
        await RelayScene.UntilAsync(() => scene.Mailboxes.Of("alice@example.org").Count == 1);
        Assert.Contains("There is nobody of that name", scene.Mailboxes.Of("alice@example.org")[0].Text, StringComparison.Ordinal);
        await RelayScene.UntilAsync(() => scene.Count("Messages") == 1);
        // It waits to be asked for again, to the end of its lifetime.
        Assert.Equal(1, scene.Count("Recipients", $"Address = 'later@customer.test' AND State = 0 AND Attempts = 1 AND NextAttemptAt > {scene.Clock.GetUtcNow().AddDays(4).ToUnixTimeMilliseconds()}"));
    }

    [Theory, EveryChunking]
    public async Task Takes_back_what_a_host_that_hangs_up_has_not_taken(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("carol@example.net", "a@customer.test");
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.HoldAsync("carol@example.net", "b@customer.test");
        await scene.PlayAsync(chunking, SignedIn + "C: ATRN\n" + Turned + """
            S: MAIL FROM:<carol@example.net>
            C: 250 ok
            S: RCPT TO:<a@customer.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: held
            S: 
            S: Hello.
            S: .
            C: 250 taken
            S: MAIL FROM:<carol@example.net>
            C: (close)
            S: QUIT
            S: (closed)
            """);
        Assert.Equal(1, scene.Count("Messages"));

        await scene.PlayAsync(chunking, SignedIn + "C: ATRN\n" + Turned + """
            S: MAIL FROM:<carol@example.net>
            C: 250 ok
            S: RCPT TO:<b@customer.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: held
            S: 
            S: Hello.
            S: .
            C: 250 taken
            S: QUIT
            C: 221 bye
            S: (closed)
            """);
        Assert.Equal(0, scene.Count("Messages"));
    }

    [Fact]
    public async Task Begins_no_other_message_when_the_program_ends_and_ends_the_one_that_is_being_sent()
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("carol@example.net", "a@customer.test");
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.HoldAsync("carol@example.net", "b@customer.test");
        await scene.PlayAsync(Chunking.WholeTurn, SignedIn + "C: ATRN\n" + Turned + """
            S: MAIL FROM:<carol@example.net>
            C: 250 ok
            S: RCPT TO:<a@customer.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: held
            S: 
            S: Hello.
            S: .
            T: (stop)
            C: 250 taken
            S: QUIT
            C: 221 bye
            S: (closed)
            """);
        Assert.Equal(1, scene.Count("Messages"));
        Assert.Equal(1, scene.Count("Recipients", "Address = 'b@customer.test' AND State = 0 AND Attempts = 0"));
    }

    [Fact]
    public async Task Leaves_off_when_the_program_ends_before_the_dot()
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("carol@example.net", "a@customer.test");
        await scene.PlayAsync(Chunking.WholeTurn, SignedIn + "C: ATRN\n" + Turned + """
            S: MAIL FROM:<carol@example.net>
            T: (stop)
            S: QUIT
            C: 221 bye
            S: (closed)
            """);
        Assert.Equal(1, scene.Count("Recipients", "State = 0 AND Attempts = 0"));
    }

    [Theory]
    [InlineData("554 no")]
    [InlineData("421 not now")]
    [InlineData("this is no reply")]
    public async Task Sends_nothing_to_a_host_that_does_not_greet(string greeting)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("carol@example.net", "bob@customer.test");
        await scene.PlayAsync(Chunking.WholeTurn, SignedIn + $"""
            C: ATRN
            S: 250 2.0.0 *
            C: {greeting}
            S: QUIT
            C: 221 bye
            S: (closed)
            """);
        Assert.Equal(1, scene.Count("Recipients", "State = 0 AND Attempts = 0"));
    }

    [Theory, EveryChunking]
    public async Task Stays_under_TLS_when_the_roles_turn(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Odmr, options => options with { AllowPlaintextAuthentication = false }, tls: new SelfSignedTls());
        await scene.HoldAsync("carol@example.net", "bob@customer.test");
        await scene.PlayAsync(chunking, $"""
            S: 220 *
            C: EHLO gateway.customer.test
            S: (250-... STARTTLS, !AUTH*, !ATRN)
            C: STARTTLS
            S: 220 *
            C: (TLS)
            C: EHLO gateway.customer.test
            S: (250-... AUTH *, ATRN)
            C: {TurnScene.Auth("gateway@example.org")}
            S: 235 *
            C: ATRN customer.test

            """ + Turned + """
            S: MAIL FROM:<carol@example.net>
            C: 250 ok
            S: RCPT TO:<bob@customer.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: held
            S: 
            S: Hello.
            S: .
            C: 250 taken
            S: QUIT
            C: 221 bye
            S: (closed)
            """);
        var relayed = Assert.Single(scene.Journeys.Events, one => one.Step == JourneyStep.Relayed);
        Assert.Contains("over TLS", relayed.Reason, StringComparison.Ordinal);
    }

    [Catalogue("453")]
    [Catalogue("ATRN", 453)]
    [Theory, EveryChunking]
    public async Task Answers_453_without_mail(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.PlayAsync(chunking, SignedIn + """
            C: ATRN customer.test
            S: 453 4.0.0 You have no mail
            C: QUIT
            S: 221 *
            S: (closed)
            """);
    }

    [Catalogue("ATRN", 450, 501)]
    [Theory, EveryChunking]
    public async Task Sends_nothing_when_one_of_the_domains_is_not_the_clients(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(configure: options => options with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain>(options.TurnDomains) { [Domain.Parse("other.test")] = TurnScene.Domains("203.0.113.0/24", "alice@example.org") },
        });
        await scene.HoldAsync("carol@example.net", "bob@customer.test");
        await scene.PlayAsync(chunking, SignedIn + """
            C: ATRN customer.test,other.test
            S: 450 4.7.1 *
            C: ATRN example.org
            S: 450 4.7.1 *
            C: ATRN customer.test,
            S: 501 5.5.4 *
            C: ATRN customer.test, other.test
            S: 501 5.5.4 *
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        Assert.Equal(1, scene.Count("Recipients", "State = 0"));
    }

    [Theory, EveryChunking]
    public async Task Fetches_several_domains_at_once(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(configure: options => options with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain>(options.TurnDomains) { [Domain.Parse("other.test")] = TurnScene.Domains("203.0.113.0/24", "gateway@example.org") },
        });
        await scene.HoldAsync("carol@example.net", "bob@other.test");
        await scene.PlayAsync(chunking, SignedIn + "C: ATRN OTHER.test,customer.test,other.test\n" + Turned + """
            S: MAIL FROM:<carol@example.net>
            C: 250 ok
            S: RCPT TO:<bob@other.test>
            C: 250 ok
            S: DATA
            C: 354 go on
            S: Subject: held
            S: 
            S: Hello.
            S: .
            C: 250 taken
            S: QUIT
            C: 221 bye
            S: (closed)
            """);
    }

    [Catalogue("ATRN", 530)]
    [Catalogue("TURN", 530)]
    [Theory, EveryChunking]
    public async Task Wants_authentication_first(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("carol@example.net", "bob@customer.test");
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: ATRN
            S: 503 5.5.1 *
            C: EHLO gateway.customer.test
            S: (250-... ATRN, TURN)
            C: ATRN customer.test
            S: 530 5.7.0 *
            C: TURN
            S: 530 5.7.0 *
            """);
    }

    [Catalogue("ATRN", 502)]
    [Catalogue("TURN", 502)]
    [Catalogue("ETRN", 502)]
    [Theory, EveryChunking]
    public async Task Is_not_offered_to_whom_it_would_not_serve(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.PlayAsync(chunking, $"""
            S: 220 *
            C: EHLO client.example.net
            S: (250-... ATRN)
            C: {TurnScene.Auth("alice@example.org")}
            S: 235 *
            C: EHLO client.example.net
            S: (250-... !ATRN, !TURN)
            C: ATRN
            S: 450 4.7.1 *
            C: TURN
            S: 502 5.5.1 *
            """);
        await SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
            C: ATRN
            S: 502 5.5.1 *
            C: TURN
            S: 502 5.5.1 *
            C: ETRN customer.test
            S: 502 5.5.1 *
            """);
    }

    [Fact]
    public async Task Waits_between_two_requests_for_a_domain_as_long_as_it_is_told()
    {
        await using var scene = await TurnScene.StartAsync(configure: options => options with { TurnInterval = TimeSpan.FromSeconds(10) });
        await scene.PlayAsync(Chunking.WholeTurn, SignedIn + """
            C: ATRN
            S: 453 *
            T: 00:00:09.999
            C: ATRN
            S: 450 4.7.1 *
            T: 00:00:00.001
            C: ATRN
            S: 453 *
            """);
    }

    [Fact]
    public async Task Lends_a_domain_to_one_session_at_a_time()
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("carol@example.net", "bob@customer.test");
        using var loan = await scene.Queue.LendAsync(["customer.test"]);
        await scene.PlayAsync(Chunking.WholeTurn, SignedIn + """
            C: ATRN
            S: 450 4.3.2 *
            """);
    }

    [Theory, EveryChunking]
    public async Task Takes_no_mail_on_the_port_for_fetching_it(Chunking chunking)
    {
        await using var scene = await TurnScene.StartAsync(SmtpRole.Odmr);
        await scene.PlayAsync(chunking, SignedIn + """
            C: MAIL FROM:<gateway@example.org>
            S: 502 5.5.1 *
            C: RCPT TO:<alice@example.org>
            S: 503 5.5.1 *
            """);
    }
}
