using System.Net;
using DnsClient;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Routing;

public sealed class DnsCacheTests : IAsyncLifetime
{
    private readonly FakeDnsServer _dns = new() { TimeToLive = TimeSpan.FromMinutes(5) };
    private readonly FakeTimeProvider _clock = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task Keeps_an_answer_for_its_time_to_live_and_no_longer()
    {
        _dns.Mx("there.test", 10, "mx.there.test");
        var resolver = Resolver();

        await resolver.MxAsync("there.test", CancellationToken.None);
        await resolver.MxAsync("THERE.test", CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(299));
        await resolver.MxAsync("there.test", CancellationToken.None);
        Assert.Equal(1, _dns.Queries);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<DnsAnswer<MxRecord>.Found>(await resolver.MxAsync("there.test", CancellationToken.None));
        Assert.Equal(2, _dns.Queries);
    }

    [Fact]
    public async Task Keeps_a_no_as_long_as_the_SOA_of_the_zone_says()
    {
        _dns.Empty("nothing.test");
        var resolver = Resolver();

        foreach (var _ in new[] { 1, 2 })
        {
            Assert.IsType<DnsAnswer<MxRecord>.NoSuchName>(await resolver.MxAsync("nosuch.test", CancellationToken.None));
            Assert.IsType<DnsAnswer<MxRecord>.NoRecords>(await resolver.MxAsync("nothing.test", CancellationToken.None));
        }

        Assert.Equal(2, _dns.Queries);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await resolver.MxAsync("nosuch.test", CancellationToken.None);
        Assert.Equal(3, _dns.Queries);
    }

    [Fact]
    public async Task Keeps_no_answer_longer_than_a_day_and_no_no_longer_than_three_hours()
    {
        _dns.TimeToLive = TimeSpan.FromDays(30);
        _dns.Mx("there.test", 10, "mx.there.test");
        var resolver = Resolver();
        await resolver.MxAsync("there.test", CancellationToken.None);
        await resolver.MxAsync("nosuch.test", CancellationToken.None);

        _clock.Advance(DnsReply.MaxNegativeLifetime);
        await resolver.MxAsync("there.test", CancellationToken.None);
        await resolver.MxAsync("nosuch.test", CancellationToken.None);
        Assert.Equal(3, _dns.Queries);

        _clock.Advance(DnsReply.MaxLifetime - DnsReply.MaxNegativeLifetime);
        await resolver.MxAsync("there.test", CancellationToken.None);
        Assert.Equal(4, _dns.Queries);
    }

    [Fact]
    public async Task Does_not_keep_a_no_that_comes_without_SOA()
    {
        _dns.TimeToLive = TimeSpan.Zero;
        var resolver = Resolver();

        await resolver.MxAsync("nosuch.test", CancellationToken.None);
        await resolver.MxAsync("nosuch.test", CancellationToken.None);

        Assert.Equal(2, _dns.Queries);
    }

    [Fact]
    public async Task Asks_again_soon_when_nobody_could_tell()
    {
        _dns.Mx("there.test", 10, "mx.there.test").Trouble("there.test", DnsTrouble.ServFail);
        var resolver = Resolver();
        Assert.IsType<DnsAnswer<MxRecord>.Unknown>(await resolver.MxAsync("there.test", CancellationToken.None));

        _dns.Trouble("there.test", DnsTrouble.None);
        _clock.Advance(DnsReply.FailureLifetime);

        Assert.IsType<DnsAnswer<MxRecord>.Found>(await resolver.MxAsync("there.test", CancellationToken.None));
    }

    [Fact]
    public async Task Asks_once_for_all_who_ask_at_once()
    {
        var asked = 0;
        var gate = new TaskCompletionSource();
        var cache = new AnswerCache<DnsKey>(10, _clock);
        var question = new DnsKey("there.test", QueryType.MX);

        var all = Enumerable.Range(0, 10).Select(_ => cache.GetAsync(question, AskAsync, CancellationToken.None).AsTask()).ToList();
        using var impatient = new CancellationTokenSource();
        var gone = cache.GetAsync(question, AskAsync, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        gate.SetResult();

        Assert.All(await Task.WhenAll(all), answer => Assert.Equal("answer", answer));
        Assert.Equal(1, asked);

        async Task<(string Answer, TimeSpan Lifetime)> AskAsync()
        {
            Interlocked.Increment(ref asked);
            await gate.Task;
            return ("answer", TimeSpan.Zero);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    public async Task Keeps_so_many_answers_and_forgets_the_least_used(int capacity, int kept)
    {
        var cache = new AnswerCache<DnsKey>(capacity, _clock);
        var asked = new List<string>();
        foreach (var name in new[] { "a", "b", "a", "c", "a" })
        {
            await cache.GetAsync(new DnsKey(name, QueryType.A), () =>
            {
                asked.Add(name);
                return Task.FromResult((name, TimeSpan.FromMinutes(1)));
            }, CancellationToken.None);
        }

        Assert.Equal(kept, cache.Count);
        Assert.Equal(capacity == 0 ? "a b a c a" : "a b c", string.Join(' ', asked));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follows_an_alias_whoever_has_to(bool serverFollows)
    {
        _dns.FollowsAliases = serverFollows;
        _dns.Cname("alias.test", "again.test").Cname("again.test", "there.test").Mx("there.test", 10, "mx.there.test");

        var found = Assert.IsType<DnsAnswer<MxRecord>.Found>(await Resolver().MxAsync("alias.test", CancellationToken.None));

        Assert.Equal("mx.there.test", Assert.Single(found.Records).Exchange);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Never_bounces_for_aliases_that_lead_in_a_circle(bool serverFollows)
    {
        _dns.FollowsAliases = serverFollows;
        _dns.Cname("one.test", "two.test").Cname("two.test", "one.test");

        Assert.IsType<DnsAnswer<MxRecord>.Unknown>(await Resolver().MxAsync("one.test", CancellationToken.None));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public async Task Follows_eight_aliases(int aliases, bool found)
    {
        for (var i = 0; i < aliases; i++)
            _dns.Cname($"a{i}.test", i == aliases - 1 ? "there.test" : $"a{i + 1}.test");
        _dns.Mx("there.test", 10, "mx.there.test");

        Assert.Equal(found, await Resolver().MxAsync("a0.test", CancellationToken.None) is DnsAnswer<MxRecord>.Found);
    }

    [Fact]
    public async Task Does_not_take_a_referral_for_a_no()
    {
        _dns.Trouble("there.test", DnsTrouble.Referral);

        Assert.IsType<DnsAnswer<MxRecord>.Unknown>(await Resolver().MxAsync("there.test", CancellationToken.None));
    }

    [Fact]
    public async Task Passes_over_records_of_other_names()
    {
        _dns.Trouble("there.test", DnsTrouble.Foreign);

        Assert.IsNotType<DnsAnswer<IPAddress>.Found>(await Resolver().Ipv4AddressesAsync("there.test", CancellationToken.None));
    }

    [Theory]
    [InlineData(16, 17)]
    [InlineData(17, 17)]
    public async Task Tells_sixteen_addresses_of_each_family(int addresses, int told)
    {
        _dns.Address("mx.there.test", IPAddress.IPv6Loopback);
        for (var i = 1; i <= addresses; i++)
            _dns.Address("mx.there.test", IPAddress.Parse($"127.0.0.{i}"));

        Assert.Equal(told, Assert.IsType<DnsAnswer<IPAddress>.Found>(await Resolver().AddressesAsync("mx.there.test", CancellationToken.None)).Records.Count);
    }

    private DnsClientResolver Resolver() => new(new RelayOptions { DnsServers = [_dns.EndPoint], DnsTimeout = TimeSpan.FromSeconds(2), DnsRetries = 0 }, _clock);
}
