using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>Mail that goes where the settings say.</summary>
public sealed class RoutedMailTests
{
    [Fact]
    public async Task Goes_by_the_smarthost_whatever_the_DNS_says_of_its_domain()
    {
        await using var smarthost = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(1, options => Routed(options, new RoutingOptions { Smarthost = Transport("smarthost", smarthost) }));

        await scene.SendAsync("ann@here.test", ["bob@nosuch.test", "carl@other.test"]);
        await scene.EmptyAsync();

        Assert.Equal(["RCPT TO:<bob@nosuch.test>", "RCPT TO:<carl@other.test>"], smarthost.Messages.SelectMany(message => message.Rcpts).Order());
        var routed = await scene.SeeAsync(JourneyStep.Routed);
        Assert.Equal($"Relay:Smarthost takes it: [127.0.0.1]:{smarthost.EndPoint.Port}.", routed.Reason);
    }

    [Fact]
    public async Task Parts_recipients_of_one_domain_that_rules_send_different_ways()
    {
        await using var one = new SmtpPeer();
        await using var mx = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(mx.EndPoint.Port, options => Routed(options, new RoutingOptions
        {
            Transports = new Dictionary<string, TransportOptions> { ["one"] = Transport("one", one) },
            Routes = [new RouteRule([new AddressPattern(AddressPatternKind.Address, "bob@there.test")], [], "one")],
        }));
        scene.Host("there.test");

        await scene.SendAsync("ann@here.test", ["bob@there.test", "carl@there.test"]);
        await scene.EmptyAsync();

        Assert.Equal("RCPT TO:<bob@there.test>", Assert.Single(Assert.Single(one.Messages).Rcpts));
        Assert.Equal("RCPT TO:<carl@there.test>", Assert.Single(Assert.Single(mx.Messages).Rcpts));
    }

    [Fact]
    public async Task Goes_by_the_fallback_when_the_hosts_of_its_domain_have_failed_so_often()
    {
        await using var mx = new SmtpPeer { Greeting = "421 not now" };
        await using var fallback = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(mx.EndPoint.Port, options => Routed(options, new RoutingOptions
        {
            Transports = new Dictionary<string, TransportOptions> { ["one"] = Transport("one", fallback) }, Fallback = "one", FallbackAfter = 2,
        }));
        scene.Host("there.test");

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await RelayScene.UntilAsync(() => scene.Journeys.Events.Count(one => one.Step == JourneyStep.Deferred) == attempt);
            Assert.Empty(fallback.Messages);
            scene.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        await scene.EmptyAsync();
        Assert.Single(fallback.Messages);
        await scene.SeeAsync(JourneyStep.Routed, routed => routed.Reason!.StartsWith("Relay:Fallback takes it after 2 failed attempts: ", StringComparison.Ordinal));
    }

    /// <summary>A dead destination is left alone after five vain attempts; that must not keep the others from the way they have.</summary>
    [Fact]
    public async Task All_of_it_goes_by_the_fallback_when_nobody_answers_for_its_domain()
    {
        const int Messages = 20;
        int port;
        await using (var gone = new SmtpPeer())
            port = gone.EndPoint.Port;
        await using var fallback = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(port, options => Routed(options, new RoutingOptions
        {
            Transports = new Dictionary<string, TransportOptions> { ["one"] = Transport("one", fallback) }, Fallback = "one", FallbackAfter = 2,
        }));
        scene.Host("dead.test");
        for (var i = 0; i < Messages; i++)
            await scene.SendAsync("ann@here.test", ["bob@dead.test"]);

        for (var attempts = 1; attempts <= 2; attempts++)
        {
            await RelayScene.UntilAsync(() => scene.Count("Recipients", $"Attempts = {attempts}") == Messages, () => $"{scene.Count("Recipients", $"Attempts = {attempts}")} have {attempts} attempts");
            scene.Clock.Advance(TimeSpan.FromMinutes(12));
        }

        await scene.EmptyAsync();
        Assert.Equal(Messages, fallback.Messages.Count);
    }

    [Fact]
    public async Task Waits_when_the_smarthost_has_no_address()
    {
        await using var scene = await RelayScene.StartAsync(1, options => Routed(options, new RoutingOptions
        {
            Smarthost = new TransportOptions("smarthost") { Hosts = [new NextHop(Domain.Parse("nosuch.test"), null)] },
        }));

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        Assert.Contains("4.4.4", (await scene.SeeAsync(JourneyStep.Deferred)).Reason, StringComparison.Ordinal);
    }

    private static MtaOptions Routed(MtaOptions options, RoutingOptions routing) => options with { Relay = options.Relay with { Routing = routing } };

    private static TransportOptions Transport(string name, SmtpPeer peer) =>
        new(name) { Hosts = [new NextHop(Domain.Parse($"[{peer.EndPoint.Address}]"), peer.EndPoint.Port)] };
}
