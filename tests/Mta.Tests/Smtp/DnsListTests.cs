using System.Net;
using MailSuite.Mta.Policy;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>DNS lists (RFC 5782): the client is 192.0.2.7, the sender is at example.net.</summary>
public sealed class DnsListTests : IAsyncDisposable
{
    private const string OfClient = "7.2.0.192.bad.test";
    private const string OfSender = "example.net.names.test";

    private static readonly DnsList Bad = new("bad.test", DnsListSubject.Address, DnsListAction.Refuse, []);
    private static readonly DnsList Names = new("names.test", DnsListSubject.Domain, DnsListAction.Refuse, []);

    private readonly FakeDnsServer _dns = new();

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Theory, EveryChunking]
    public async Task Refuses_a_client_whose_address_is_listed(Chunking chunking)
    {
        _dns.Address(OfClient, IPAddress.Parse("127.0.0.2"));
        await PlayAsync("550 5.7.1 Your address 192.0.2.7 is listed by bad.test", chunking, Bad);
    }

    [Fact]
    public async Task Refuses_a_sender_whose_domain_is_listed()
    {
        _dns.Address(OfSender, IPAddress.Parse("127.0.1.2"));
        await PlayAsync("550 5.7.1 The domain example.net is listed by names.test", Chunking.WholeTurn, Bad, Names);
    }

    [Theory]
    [InlineData("127.0.0.2", "550 5.7.1 *")]
    [InlineData("127.0.0.4", "550 5.7.1 *")]
    [InlineData("127.0.0.3", "250 *")]
    [InlineData("127.255.255.254", "250 *")]
    [InlineData("192.0.2.99", "250 *")]
    public async Task Heeds_only_the_answers_that_count(string answer, string reply)
    {
        _dns.Address(OfClient, IPAddress.Parse(answer));
        await PlayAsync(reply, Chunking.WholeTurn, Bad with { Codes = [IPNetwork.Parse("127.0.0.2/32"), IPNetwork.Parse("127.0.0.4/32"), IPNetwork.Parse("127.255.255.254/32"), IPNetwork.Parse("192.0.2.0/24")] });
    }

    [Theory]
    [InlineData("127.0.0.9", "550 5.7.1 *")]
    [InlineData("127.255.255.252", "250 *")]
    [InlineData("93.184.216.34", "250 *")]
    public async Task Heeds_every_answer_of_loopback_but_errors_when_none_is_named(string answer, string reply)
    {
        _dns.Address(OfClient, IPAddress.Parse(answer));
        await PlayAsync(reply, Chunking.WholeTurn, Bad);
    }

    [Theory]
    [InlineData(DnsTrouble.None)]
    [InlineData(DnsTrouble.ServFail)]
    [InlineData(DnsTrouble.Silent)]
    public async Task Takes_no_answer_for_no_listing(DnsTrouble trouble)
    {
        _dns.Trouble(OfClient, trouble);
        await PlayAsync("250 *", Chunking.WholeTurn, Bad);
    }

    [Fact]
    public async Task Defers_when_told_to()
    {
        _dns.Address(OfClient, IPAddress.Parse("127.0.0.2"));
        await PlayAsync("450 4.7.1 *", Chunking.WholeTurn, Bad with { Action = DnsListAction.Defer });
    }

    [Fact]
    public async Task Puts_into_quarantine_when_told_to()
    {
        _dns.Address(OfClient, IPAddress.Parse("127.0.0.2"));
        await using var scene = Scene(Bad with { Action = DnsListAction.Quarantine });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Equal(SpecialUse.Junk, scene.Mailboxes.Deliveries.Single().Into);
        Assert.Equal("DNS lists at RCPT: quarantined: 5.7.1 Your address 192.0.2.7 is listed by bad.test", scene.Journeys.Events.Single(e => e.Step == JourneyStep.Checked).Reason);
    }

    [Fact]
    public async Task Lets_a_list_of_good_ones_overrule_the_others()
    {
        _dns.Address(OfClient, IPAddress.Parse("127.0.0.2")).Address("7.2.0.192.good.test", IPAddress.Parse("127.0.5.1"));
        await PlayAsync("250 *", Chunking.WholeTurn, Bad, new DnsList("good.test", DnsListSubject.Address, DnsListAction.Allow, []));
    }

    [Fact]
    public async Task Asks_once_in_five_minutes()
    {
        await using var scene = Scene(Bad);
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed);
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed);
        Assert.Equal(1, _dns.Queries);
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed);
        Assert.Equal(2, _dns.Queries);
    }

    [Theory]
    [InlineData(true, SmtpRole.Mx)]
    [InlineData(false, SmtpRole.Submission)]
    public async Task Asks_nobody_about_trusted_clients_and_in_other_roles(bool trusted, SmtpRole role)
    {
        await using var scene = new SmtpScene(role, options => Configure(options, trusted, Bad, Names));
        await scene.PlayAsync(Chunking.WholeTurn, "S: 220 *\nC: EHLO c.example\nS: (250-...)\nC: MAIL FROM:<carol@example.net>\nS: *");
        Assert.Equal(0, _dns.Queries);
    }

    [Theory]
    [InlineData("192.0.2.7", "7.2.0.192")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2")]
    public void Asks_with_the_address_reversed(string address, string name) => Assert.Equal(name, DnsListLookup.Reversed(IPAddress.Parse(address)));

    private async Task PlayAsync(string reply, Chunking chunking, params DnsList[] lists)
    {
        await using var scene = Scene(lists);
        await scene.PlayAsync(chunking, SmtpScene.Hello + $"""
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: {reply}
            """);
        Assert.Empty(scene.Log.Errors);
    }

    private SmtpScene Scene(params DnsList[] lists) => new(configure: options => Configure(options, false, lists));

    private MtaOptions Configure(MtaOptions options, bool trusted, params DnsList[] lists) => options with
    {
        Relay = options.Relay with { DnsServers = [_dns.EndPoint], DnsTimeout = TimeSpan.FromMilliseconds(200) },
        Strictness = options.Strictness with { DnsLists = lists, TrustedNetworks = trusted ? [IPNetwork.Parse("192.0.2.0/24")] : [] },
    };
}
