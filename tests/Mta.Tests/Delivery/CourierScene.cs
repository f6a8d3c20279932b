using System.Net;
using System.Text;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>The SMTP client before hosts that the test plays: each on its own address of loopback, all on one port.</summary>
internal sealed class CourierScene : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<SmtpPeer> _peers = [];

    /// <param name="hosts">How many hosts the destination has.</param>
    public CourierScene(int hosts = 1)
    {
        _peers.Add(new SmtpPeer());
        for (var i = 1; i < hosts; i++)
            _peers.Add(new SmtpPeer(IPAddress.Parse($"127.0.0.{i + 1}"), _peers[0].EndPoint.Port));
    }

    public SmtpPeer Peer => _peers[0];

    public IReadOnlyList<SmtpPeer> Peers => _peers;

    public RelayOptions Options { get; set; } = new();

    public DeliveryLimits Limits { get; set; } = new() { QuitTimeout = TimeSpan.FromSeconds(1) };

    public string From { get; set; } = "ann@here.test";

    public bool SmtpUtf8 { get; set; }

    public BodyType Body { get; set; }

    public int SpillOctets { get; set; } = 256 * 1024;

    public IDnsResolver Dns { get; set; } = new NoDns();

    /// <summary>Recipients that were reported as taken, in the order in which they were.</summary>
    public List<string> Taken { get; } = [];

    /// <summary>What the first host had heard when it was reported as taken.</summary>
    public string? LastCommandBeforeCommit { get; private set; }

    public Task<CourierReport> SendAsync(string content, params string[] recipients) => SendAsync(new MemoryContent(Encoding.UTF8.GetBytes(content)), recipients);

    public async Task<CourierReport> SendAsync(IMessageContent content, params string[] recipients)
    {
        var options = new MtaOptions { DataDirectory = _directory.Path, SpillOctets = SpillOctets, HostName = Domain.Parse("mx.here.test"), Relay = Options with { Port = Peer.EndPoint.Port } };
        var courier = new Courier(options, Limits, Dns, new IncomingDirectory(options), TimeProvider.System);
        var message = new OutboundMessage(
            From.Length == 0 ? ReversePath.Null : ReversePath.Of(EnvelopeAddress.Parse(From)), Body, SmtpUtf8, content, await MessageOctets.ScanAsync(content, CancellationToken.None));
        var hosts = _peers.Select((peer, i) => new MxHost($"mx{i + 1}.there.test", peer.EndPoint.Address)).ToList();
        return await courier.DeliverAsync(
            message, new Route.To(hosts, "the test", new Transport(Transport.MxName, Peer.EndPoint.Port)), [.. recipients.Select((address, i) => new QueuedRecipient(i, EnvelopeAddress.Parse(address), 0, null, null))],
            taken =>
            {
                LastCommandBeforeCommit = Peer.Commands[^1];
                Taken.AddRange(taken.Select(result => result.Recipient.Address.ToString()));
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
            await peer.DisposeAsync();
        _directory.Dispose();
    }

    private sealed class NoDns : IDnsResolver
    {
        public ValueTask<DnsAnswer<MxRecord>> MxAsync(string domain, CancellationToken cancellationToken) => throw new InvalidOperationException("not asked");

        public ValueTask<DnsAnswer<IPAddress>> Ipv4AddressesAsync(string host, CancellationToken cancellationToken) => throw new InvalidOperationException("not asked");

        public ValueTask<DnsAnswer<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken) => throw new InvalidOperationException("not asked");
    }
}
