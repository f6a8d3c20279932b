using System.Net;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Routing;

public sealed class RouterTests : IAsyncLifetime
{
    private readonly FakeDnsServer _dns = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task Orders_hosts_by_preference_and_shuffles_equals()
    {
        _dns.Mx("there.test", 20, "c.there.test").Mx("there.test", 10, "a.there.test").Mx("there.test", 10, "b.there.test");
        var seen = new HashSet<string>();

        for (var i = 0; i < 100 && seen.Count < 2; i++)
            seen.Add(await HostsAsync("there.test"));

        Assert.Equal(["a.there.test b.there.test c.there.test", "b.there.test a.there.test c.there.test"], seen.Order());
    }

    [Fact]
    public async Task Takes_the_address_of_a_domain_without_MX()
    {
        _dns.Address("there.test", IPAddress.Loopback);
        Assert.Equal("there.test", await HostsAsync("there.test"));

        _dns.Address("six.test", IPAddress.IPv6Loopback);
        Assert.Equal("six.test", await HostsAsync("six.test"));
    }

    [Fact]
    public async Task Needs_no_DNS_for_an_address_literal()
    {
        Assert.Equal("[127.0.0.1]", await HostsAsync("[127.0.0.1]"));
        Assert.Equal("[IPv6:::1]", await HostsAsync("[IPv6:::1]"));
        Assert.Equal(0, _dns.Queries);
    }

    [Fact]
    public async Task Asks_for_the_A_labels_of_an_internationalised_domain()
    {
        _dns.Mx("xn--bcher-kva.test", 1, "mx.there.test");

        Assert.Equal("mx.there.test", await HostsAsync("bücher.test"));
    }

    [Fact]
    public async Task Takes_only_hosts_that_are_better_than_ourselves()
    {
        _dns.Mx("there.test", 5, "a.there.test").Mx("there.test", 10, "MX.here.test").Mx("there.test", 10, "b.there.test").Mx("there.test", 20, "c.there.test");

        Assert.Equal("a.there.test", await HostsAsync("there.test"));
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(51, 50)]
    public async Task Takes_the_best_fifty_of_many_hosts(int hosts, int taken)
    {
        _dns.Trouble("there.test", DnsTrouble.Truncated);
        for (var i = hosts; i > 0; i--)
            _dns.Mx("there.test", i, $"h{i}.there.test");

        Assert.Equal(string.Join(' ', Enumerable.Range(1, taken).Select(i => $"h{i}.there.test")), await HostsAsync("there.test"));
    }

    [Fact]
    public async Task Sees_a_loop_when_nobody_is_better()
    {
        _dns.Mx("there.test", 10, "mx.here.test").Mx("there.test", 20, "c.there.test");
        _dns.Address("mx.here.test", IPAddress.Loopback);

        Assert.Equal("5.4.6", await StatusAsync("there.test"));
        Assert.Equal("5.4.6", await StatusAsync("mx.here.test"));
    }

    [Fact]
    public async Task Tells_a_domain_that_takes_no_mail_from_one_that_does_not_exist()
    {
        _dns.Mx("never.test", 0, "").Empty("nothing.test").Mx("odd.test", 1, "not_a_host.test").Mx("literal.test", 1, "192.0.2.1");

        Assert.Equal("5.1.10", await StatusAsync("never.test"));
        Assert.Equal("5.1.2", await StatusAsync("nosuch.test"));
        Assert.Equal("5.4.4", await StatusAsync("nothing.test"));
        Assert.Equal("5.4.4", await StatusAsync("odd.test"));
        Assert.Equal("5.4.4", await StatusAsync("literal.test"));
    }

    [Theory]
    [InlineData(DnsTrouble.ServFail)]
    [InlineData(DnsTrouble.Silent)]
    public async Task Never_takes_silence_for_a_no(DnsTrouble trouble)
    {
        _dns.Mx("there.test", 10, "mx.there.test").Trouble("there.test", trouble);

        Assert.Equal("4.4.3", await StatusAsync("there.test"));
    }

    [Fact]
    public async Task Asks_over_TCP_when_the_answer_is_too_long_for_UDP()
    {
        for (var i = 0; i < 40; i++)
            _dns.Mx("there.test", 10 + i, $"a-rather-long-name-of-a-host-{i}.there.test");
        _dns.Trouble("there.test", DnsTrouble.Truncated);

        Assert.StartsWith("a-rather-long-name-of-a-host-0.there.test a-rather-long-name-of-a-host-1.there.test", await HostsAsync("there.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_the_addresses_of_both_families()
    {
        _dns.Address("mx.there.test", IPAddress.Loopback).Address("mx.there.test", IPAddress.IPv6Loopback);

        var found = Assert.IsType<DnsAnswer<IPAddress>.Found>(await Resolver().AddressesAsync("mx.there.test", CancellationToken.None));

        Assert.Equal([IPAddress.IPv6Loopback, IPAddress.Loopback], found.Records);
    }

    [Fact]
    public async Task Looks_up_the_MX_of_a_transport_that_says_so()
    {
        _dns.Mx("provider.test", 20, "b.provider.test").Mx("provider.test", 10, "a.provider.test");

        var to = Assert.IsType<Route.To>(await FindAsync(Via(useMx: true, "provider.test:2525", "[192.0.2.1]:26")));

        Assert.Equal(["a.provider.test:2525", "b.provider.test:2525", "[192.0.2.1]:26"], to.Hosts.Select(host => host.ToString()));
        Assert.Equal("one", to.Transport.Name);
    }

    [Theory]
    [InlineData("nosuch.test")]
    [InlineData("nothing.test")]
    [InlineData("mx.here.test")]
    public async Task Never_bounces_for_a_host_that_we_have_named(string host)
    {
        _dns.Empty("nothing.test");

        Assert.Equal("4.4.4", Assert.IsType<Route.Unknown>(await FindAsync(Via(useMx: true, host))).Status.ToString());
    }

    [Fact]
    public async Task Lets_cancellation_through()
    {
        _dns.Trouble("there.test", DnsTrouble.Silent);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Resolver(TimeSpan.FromSeconds(20)).MxAsync("there.test", cancelled.Token).AsTask());
    }

    private DnsClientResolver Resolver(TimeSpan? timeout = null) => new(new RelayOptions { DnsServers = [_dns.EndPoint], DnsTimeout = timeout ?? TimeSpan.FromMilliseconds(200) }, TimeProvider.System);

    private Router Router() => new(new MtaOptions { DataDirectory = "", HostName = Domain.Parse("mx.here.test") }, Resolver());

    private async Task<Route> FindAsync(string domain) => await Router().FindAsync(RouteChoice.Direct, Domain.Parse(domain), CancellationToken.None);

    private async Task<Route> FindAsync(RouteChoice choice) => await Router().FindAsync(choice, Domain.Parse("there.test"), CancellationToken.None);

    private static RouteChoice Via(bool useMx, params string[] hosts) => new(
        NamedHosts.Of(new TransportOptions("one") { UseMx = useMx, Hosts = [.. hosts.Select(host => NextHop.TryParse(host, out var hop) ? hop : throw new FormatException(host))] }), "The test says so");

    private async Task<string> HostsAsync(string domain) => string.Join(' ', Assert.IsType<Route.To>(await FindAsync(domain)).Hosts.Select(host => host.Name));

    private async Task<string> StatusAsync(string domain) => await FindAsync(domain) switch
    {
        Route.None none => none.Status.ToString(),
        Route.Unknown unknown => unknown.Status.ToString(),
        var other => other.ToString(),
    };
}
