using MailSuite.Mta.Envelope;
using MailSuite.Mta.Tests.Smtp;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>Mail for a domain whose host fetches it.</summary>
public sealed class HeldMailTests
{
    [Fact]
    public async Task Is_taken_from_anybody_and_waits()
    {
        await using var mx = new SmtpPeer();
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, mx: mx);
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: EHLO client.example.net
            S: (250-... )
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<bob@customer.test>
            S: 250 2.1.5 *
            C: RCPT TO:<bob@sub.customer.test>
            S: 550 5.7.1 *
            C: DATA
            S: 354 *
            C: Subject: x
            C: 
            C: .
            S: 250 *
            """);
        await RelayScene.UntilAsync(() => scene.Journeys.Events.Any(one => one.Step == JourneyStep.Deferred));
        var deferred = scene.Journeys.Events.First(one => one.Step == JourneyStep.Deferred);
        Assert.Equal("It waits here for the host of customer.test to ask for it. It is kept for it until 2026-11-28 12:00:00 UTC.", deferred.Summary);
        scene.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(0, await scene.RetryAllAsync());
        Assert.Equal(1, scene.Count("Recipients", "State = 0 AND Attempts = 0"));
        Assert.Equal(0, mx.Connections);
    }

    [Fact]
    public async Task Is_returned_when_nobody_has_asked_for_it_in_its_lifetime()
    {
        await using var scene = await TurnScene.StartAsync();
        await scene.HoldAsync("alice@example.org", "bob@customer.test");
        scene.Clock.Advance(TimeSpan.FromDays(5));
        await RelayScene.UntilAsync(() => scene.Mailboxes.Of("alice@example.org").Count == 1);
        Assert.Contains("Status: 5.4.7", scene.Mailboxes.Of("alice@example.org")[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_held_again_when_its_MX_does_not_take_it_after_ETRN()
    {
        await using var mx = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "450 4.2.1 busy" : null };
        await using var scene = await TurnScene.StartAsync(SmtpRole.Mx, mx: mx);
        await scene.HoldAsync("carol@example.net", "bob@customer.test");
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: EHLO gateway.customer.test
            S: (250-... ETRN)
            C: ETRN customer.test
            S: 253 *
            """);
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "Attempts = 1") == 1);
        scene.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(1, mx.Connections);
    }

    [Fact]
    public async Task Goes_to_its_MX_as_any_other_when_the_domain_says_so()
    {
        await using var mx = new SmtpPeer();
        await using var scene = await TurnScene.StartAsync(mx: mx, configure: options => options with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain> { [Domain.Parse("customer.test")] = TurnScene.Domains("192.0.2.0/24", "gateway@example.org") with { TryMx = true } },
        });
        await scene.SendAsync("carol@example.net", "bob@customer.test");
        await RelayScene.UntilAsync(() => mx.Messages.Count == 1);
    }

    [Fact]
    public async Task Is_not_tried_by_the_queue_while_it_is_lent()
    {
        await using var mx = new SmtpPeer();
        await using var scene = await TurnScene.StartAsync(mx: mx, configure: options => options with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain> { [Domain.Parse("customer.test")] = TurnScene.Domains("192.0.2.0/24", "gateway@example.org") with { TryMx = true } },
        });
        var loan = await scene.Queue.LendAsync(["customer.test"]);
        Assert.Null(await scene.Queue.LendAsync(["elsewhere.test", "customer.test"]));
        await scene.SendAsync("carol@example.net", "bob@customer.test");
        var entry = await loan!.NextAsync();
        Assert.NotNull(entry);
        Assert.Null(await loan.NextAsync());
        Assert.Equal(0, mx.Connections);

        loan.Done(entry, Mta.Queue.AttemptResult.Nothing);
        loan.Dispose();
        await RelayScene.UntilAsync(() => mx.Messages.Count == 1);
        using var again = await scene.Queue.LendAsync(["elsewhere.test", "customer.test"]);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Is_not_lent_while_the_queue_is_trying_it()
    {
        await using var mx = new SmtpPeer { Greeting = SmtpPeer.Silence };
        await using var scene = await TurnScene.StartAsync(mx: mx, configure: options => options with
        {
            TurnDomains = new Dictionary<Domain, TurnDomain> { [Domain.Parse("customer.test")] = TurnScene.Domains("192.0.2.0/24", "gateway@example.org") with { TryMx = true } },
        });
        foreach (var priority in new[] { 3, -3 })
            await scene.Spool.AcceptAsync(RelayScene.Message(scene.Clock, "carol@example.net", ["bob@customer.test"]) with { Requests = MailRequests.None with { Priority = priority } }, CancellationToken.None);
        await RelayScene.UntilAsync(() => mx.Connections == 2);

        using var loan = await scene.Queue.LendAsync(["customer.test"]);
        Assert.Null(await loan!.NextAsync());
    }

    [Fact]
    public async Task Is_lent_by_its_priority()
    {
        await using var scene = await TurnScene.StartAsync();
        using var loan = await scene.Queue.LendAsync(["customer.test"]);
        foreach (var priority in new[] { -3, 3, 0 })
            await scene.Spool.AcceptAsync(RelayScene.Message(scene.Clock, "carol@example.net", ["bob@customer.test"]) with { Requests = MailRequests.None with { Priority = priority } }, CancellationToken.None);

        foreach (var priority in new[] { 3, 0, -3 })
            Assert.Equal(priority, (await loan!.NextAsync())!.Entry.Priority);
    }

    [Fact]
    public async Task Waits_for_other_hosts_are_ended_by_running_the_queue_now()
    {
        var busy = true;
        await using var mx = new SmtpPeer();
        mx.OnCommand = line => busy && line.StartsWith("RCPT", StringComparison.Ordinal) ? "450 4.2.1 busy" : null;
        await using var scene = await TurnScene.StartAsync(mx: mx);
        scene.Dns.Mx("there.test", 10, "mx.customer.test");
        await scene.HoldAsync("carol@example.net", "bob@there.test");
        busy = false;
        Assert.Equal(1, await scene.RetryAllAsync());
        await RelayScene.UntilAsync(() => mx.Messages.Count == 1);
    }
}
