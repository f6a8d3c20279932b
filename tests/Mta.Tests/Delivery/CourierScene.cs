using System.Net;
using System.Text;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Mta.Tests.Smtp;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>The SMTP client before hosts that the test plays: each on its own address of loopback, all on one port.</summary>
internal sealed class CourierScene : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<SmtpPeer> _peers = [];
    private SessionPool? _pool;
    private TlsMemory? _memory;

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

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public Transport Transport { get; set; } = new(Transport.MxName, 0);

    public FakeTlsRecords TlsRecords { get; } = new();

    public RecordedLog Log { get; } = new();

    /// <summary>The sessions that are kept; there are some after the first message.</summary>
    public SessionPool Pool => _pool!;

    public CancellationToken Cancel { get; set; } = TestContext.Current.CancellationToken;

    /// <summary>What making a success durable takes.</summary>
    public Func<Task> Commit { get; set; } = () => Task.CompletedTask;

    /// <summary>The one host of the destination; <see langword="null"/> for all in turn.</summary>
    public int? OnlyHost { get; set; }

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
        _pool ??= new SessionPool(options, Clock);
        var conditions = new ClientConditions(options, Limits, new IncomingDirectory(options), new TrustedRoots(options.Relay), Clock);
        var courier = new Courier(conditions, Dns, new Dialer(options.Relay, Clock), _pool, new ConfiguredTls(), _memory ??= new TlsMemory(TlsRecords, options.Relay, Clock), new Logger<Courier>(new LoggerFactory([Log])));
        var message = new OutboundMessage(
            From.Length == 0 ? ReversePath.Null : ReversePath.Of(EnvelopeAddress.Parse(From)), Body, SmtpUtf8, content, await MessageOctets.ScanAsync(content, CancellationToken.None));
        var hosts = _peers.Select((peer, i) => new MxHost($"mx{i + 1}.there.test", peer.EndPoint.Address)).Where((_, i) => OnlyHost is null || i == OnlyHost).ToList();
        return await courier.DeliverAsync(
            message, new Route.To(hosts, "", Transport with { Port = Peer.EndPoint.Port }), [.. recipients.Select((address, i) => new QueuedRecipient(i, EnvelopeAddress.Parse(address), 0, null, null))],
            taken =>
            {
                LastCommandBeforeCommit = Peer.Commands.LastOrDefault();
                Taken.AddRange(taken.Select(result => result.Recipient.Address.ToString()));
                return Commit();
            },
            Cancel);
    }

    /// <summary>Ends the sessions that are kept, as the end of the program does, and waits until the hosts have heard it.</summary>
    public async Task CloseAsync()
    {
        if (_pool is not { } pool)
            return;
        await pool.StopAsync(CancellationToken.None);
        pool.Dispose();
        _pool = null;
        await RelayScene.UntilAsync(() => _peers.TrueForAll(peer => peer.IsAlone), () => "A host still has a connection.");
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
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
