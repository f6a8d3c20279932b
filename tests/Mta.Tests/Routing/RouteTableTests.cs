using MailSuite.Mta.Envelope;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly ReversePath Ann = ReversePath.Of(EnvelopeAddress.Parse("ann@here.test"));

    [Fact]
    public void Leaves_all_to_the_DNS_where_nothing_is_said()
    {
        var choice = new RouteTable(new RelayOptions()).Choose(Queued("bob@there.test"), Ann);

        Assert.Same(RouteChoice.Direct, choice);
        Assert.Equal("there.test", choice.LaneFor(Domain.Parse("There.test")));
    }

    [Fact]
    public void Sends_everything_by_the_smarthost()
    {
        var table = Table(new RoutingOptions { Smarthost = Transport("smarthost", "smtp.provider.test:2525") });

        var route = Assert.IsType<Route.To>(table.Choose(Queued("bob@there.test"), Ann).Route);
        Assert.Equal("smtp.provider.test:2525", Assert.Single(route.Hosts).ToString());
        Assert.Equal("Relay:Smarthost takes it: smtp.provider.test:2525.", route.Reason);
        Assert.Same(route, table.Choose(Queued("bob@[192.0.2.1]"), ReversePath.Null).Route);
        Assert.Equal("transport:smarthost", table.ChooseWaiting("there.test").LaneFor(Domain.Parse("there.test")));
    }

    [Theory]
    [InlineData("bob@there.test", "ann@here.test", "one")]
    [InlineData("bob@THERE.test", "ann@here.test", "one")]
    [InlineData("bob@deep.below.there.test", "ann@here.test", "two")]
    [InlineData("bob@notthere.test", "ann@here.test", "smarthost")]
    [InlineData("Carl@Single.test", "ann@here.test", "one")]
    [InlineData("dora@single.test", "ann@here.test", "smarthost")]
    [InlineData("dora@single.test", "news@here.test", "mx")]
    [InlineData("bob@there.test", "news@here.test", "one")]
    [InlineData("dora@single.test", "x@other.test", "two")]
    [InlineData("dora@single.test", "x@sub.other.test", "smarthost")]
    [InlineData("dora@single.test", "", "one")]
    [InlineData("dora@bücher.test", "ann@here.test", "two")]
    public void Takes_the_first_rule_that_fits(string recipient, string sender, string way)
    {
        var table = Table(new RoutingOptions
        {
            Smarthost = Transport("smarthost", "smtp.provider.test"),
            Transports = new Dictionary<string, TransportOptions>(StringComparer.OrdinalIgnoreCase) { ["one"] = Transport("one", "one.test"), ["two"] = Transport("two", "two.test") },
            Routes =
            [
                Rule("there.test carl@single.test", "", "one"),
                Rule(".there.test xn--bcher-kva.test", "*", "two"),
                Rule("*", "news@here.test", null),
                Rule("", "other.test", "two"),
                Rule("", "<>", "one"),
            ],
        });

        var path = sender.Length == 0 ? ReversePath.Null : ReversePath.Of(EnvelopeAddress.Parse(sender));
        Assert.Equal(way, table.Choose(Queued(recipient), path).Hosts?.Transport.Name ?? "mx");
    }

    [Fact]
    public void Sorts_what_waits_without_looking_at_addresses()
    {
        var table = Table(new RoutingOptions
        {
            Transports = new Dictionary<string, TransportOptions> { ["one"] = Transport("one", "one.test") },
            Routes = [Rule("bob@there.test", "", "one"), Rule(".there.test", "", "one")],
        });

        Assert.Equal("there.test", table.ChooseWaiting("there.test").LaneFor(Domain.Parse("there.test")));
        Assert.Equal("transport:one", table.ChooseWaiting("sub.there.test").LaneFor(Domain.Parse("sub.there.test")));
    }

    [Theory]
    [InlineData("ONE", "one.test")]
    [InlineData("relay.test", "relay.test")]
    [InlineData("relay.test:2525", "relay.test:2525")]
    [InlineData("[192.0.2.1]:26", "[192.0.2.1]:26")]
    [InlineData("192.0.2.1", "[192.0.2.1]")]
    [InlineData("2001:db8::1", "[IPv6:2001:db8::1]")]
    [InlineData("[2001:db8::1]:26", "[IPv6:2001:db8::1]:26")]
    public void Puts_an_order_before_all_rules(string order, string host)
    {
        var table = Table(new RoutingOptions
        {
            Transports = new Dictionary<string, TransportOptions>(StringComparer.OrdinalIgnoreCase) { ["one"] = Transport("one", "one.test") },
            Routes = [Rule("*", "", "one")],
        });

        var route = Assert.IsType<Route.To>(table.Choose(Queued("bob@there.test", order), Ann).Route);
        Assert.Equal(host, Assert.Single(route.Hosts).ToString());
        Assert.StartsWith("It was rerouted to ", route.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Lets_an_order_bring_mail_back_to_the_hosts_of_its_domain()
    {
        var choice = Table(new RoutingOptions { Smarthost = Transport("smarthost", "smtp.provider.test") }).Choose(Queued("bob@there.test", "mx"), Ann);
        Assert.Null(choice.Hosts);
        Assert.Equal("there.test", choice.LaneFor(Domain.Parse("there.test")));
    }

    [Fact]
    public void Waits_when_an_order_names_nothing_that_there_is() =>
        Assert.Equal("4.4.4", Assert.IsType<Route.Unknown>(Table(new RoutingOptions()).Choose(Queued("bob@there.test", "no such thing"), Ann).Route).Status.ToString());

    [Fact]
    public void Looks_at_the_next_host_of_a_source_route_and_not_at_the_address()
    {
        var table = Table(new RoutingOptions
        {
            Transports = new Dictionary<string, TransportOptions> { ["one"] = Transport("one", "one.test"), ["two"] = Transport("two", "two.test") },
            Routes = [Rule("bob@there.test there.test", "", "one"), Rule("way.test", "", "two")],
        });

        Assert.Equal("two", table.Choose(new QueuedRecipient(1, To("bob@there.test") with { Route = [Domain.Parse("way.test")] }, 0, null, null), Ann).Hosts!.Transport.Name);
    }

    [Theory]
    [InlineData("bob@there.test", 2, "mx")]
    [InlineData("bob@there.test", 3, "one")]
    [InlineData("bob@other.test", 1, "mx")]
    [InlineData("bob@other.test", 2, "two")]
    [InlineData("bob@plain.test", 4, "mx")]
    [InlineData("bob@plain.test", 5, "one")]
    [InlineData("bob@named.test", 100, "one")]
    [InlineData("bob@backed.test", 2, "one")]
    [InlineData("bob@backed.test", 3, "two")]
    public void Lets_a_fallback_take_over_after_so_many_failures(string recipient, int attempts, string way)
    {
        var table = Table(new RoutingOptions
        {
            Transports = new Dictionary<string, TransportOptions> { ["one"] = Transport("one", "one.test"), ["two"] = Transport("two", "two.test") },
            Routes =
            [
                Rule("other.test", "", null) with { Fallback = "two", FallbackAfter = 2 },
                Rule("plain.test", "", null) with { FallbackAfter = 5 },
                Rule("named.test", "", "one"),
                Rule("backed.test", "", "one") with { Fallback = "two" },
            ],
            Fallback = "one",
        });

        Assert.Equal(way, table.Choose(Queued(recipient, attempts: attempts), Ann).Hosts?.Transport.Name ?? "mx");
        Assert.Null(table.Choose(Queued(recipient, "mx", 100), Ann).Hosts);
    }

    private static RouteTable Table(RoutingOptions routing) => new(new RelayOptions { Routing = routing });

    private static TransportOptions Transport(string name, string host) => new(name) { Hosts = [NextHop.TryParse(host, out var hop) ? hop : throw new FormatException(host)] };

    private static RouteRule Rule(string to, string from, string? via) => new(Patterns(to), Patterns(from), via);

    private static List<AddressPattern> Patterns(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => AddressPattern.TryParse(word, out var pattern) ? pattern : throw new FormatException(word))];

    private static EnvelopeRecipient To(string address) => EnvelopeAddress.Parse(address);

    private static QueuedRecipient Queued(string address, string? order = null, int attempts = 0) => new(1, To(address), attempts, null, null) { NextHop = order };
}
