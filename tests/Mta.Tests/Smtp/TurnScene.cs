using System.Net;
using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>The whole MTA with its queue on disk, and the domain customer.test that gateway@example.org may fetch; 192.0.2.0/24 may use ETRN.</summary>
internal sealed class TurnScene : IAsyncDisposable
{
    public const string Password = "secret";

    private readonly TempDirectory _directory = new();
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _hosted;
    private readonly SmtpRole _role;

    private TurnScene(SmtpRole role, Func<MtaOptions, MtaOptions>? configure, SmtpPeer? mx, SelfSignedTls? tls)
    {
        _role = role;
        var options = new MtaOptions
        {
            DataDirectory = _directory.Path,
            HostName = Domain.Parse("mx.example.org"),
            MinFreeOctets = 0,
            AllowPlaintextAuthentication = true,
            TurnInterval = TimeSpan.Zero,
            TurnDomains = new Dictionary<Domain, TurnDomain> { [Domain.Parse("customer.test")] = Domains("192.0.2.0/24", "gateway@example.org") },
            Relay = new RelayOptions { Port = mx?.EndPoint.Port ?? 25, DnsServers = [Dns.EndPoint], DnsTimeout = TimeSpan.FromMilliseconds(300) },
        };
        Options = configure is null ? options : configure(options);
        Dns.Mx("customer.test", 10, "mx.customer.test").Address("mx.customer.test", IPAddress.Loopback);
        foreach (var account in new[] { "gateway@example.org", "alice@example.org" })
            Accounts.AddAsync(EnvelopeAddress.Parse(account), Password, null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<ILocalDelivery>(Mailboxes)
            .AddSingleton<IRecipientDirectory>(Mailboxes)
            .AddSingleton<IAddressLookup>(new FakeLookup(Mailboxes))
            .AddSingleton<IAccounts>(Accounts)
            .AddSingleton<ISenders>(new FakeSenders())
            .AddSingleton<IJourneyRecorder>(Journeys)
            .AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug))
            .AddMta(Options);
        if (tls is not null)
            services.AddSingleton<IServerTls>(tls);
        _services = services.BuildServiceProvider();
        _hosted = [.. _services.GetServices<IHostedService>()];
    }

    public MtaOptions Options { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public FakeDnsServer Dns { get; } = new();

    public FakeMailboxes Mailboxes { get; } = new("alice@example.org");

    public FakeAccounts Accounts { get; } = new();

    public RecordedJourneys Journeys { get; } = new();

    public RecordedLog Log { get; } = new();

    public SpoolStore Spool => _services.GetRequiredService<SpoolStore>();

    public Mta.Queue.RelayQueue Queue => _services.GetRequiredService<Mta.Queue.RelayQueue>();

    /// <summary>Has all tried that waits.</summary>
    /// <returns>How many recipients.</returns>
    public async Task<long> RetryAllAsync()
    {
        var order = new QueueOrder(QueueAction.Retry, "tester");
        var outcome = await _services.GetRequiredService<IMailQueue>().OrderAsync(order, QueueFilter.Everything, progress: null, TestContext.Current.CancellationToken);
        return Assert.IsType<QueueOrderOutcome.Done>(outcome).Recipients;
    }

    public ISmtpServer Server => _services.GetRequiredService<ISmtpServer>();

    /// <summary>The command that signs an account in.</summary>
    public static string Auth(string account) => "AUTH PLAIN " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{account}\0{Password}"));

    /// <param name="mx">Where the MX of customer.test listens.</param>
    public static async Task<TurnScene> StartAsync(SmtpRole role = SmtpRole.Submission, Func<MtaOptions, MtaOptions>? configure = null, SmtpPeer? mx = null, SelfSignedTls? tls = null)
    {
        var scene = new TurnScene(role, configure, mx, tls);
        foreach (var hosted in scene._hosted)
            await hosted.StartAsync(CancellationToken.None);
        foreach (var hosted in scene._hosted.OfType<IHostedLifecycleService>())
            await hosted.StartedAsync(CancellationToken.None);
        return scene;
    }

    public static TurnDomain Domains(string network, params string[] accounts) => new([.. accounts.Select(EnvelopeAddress.Parse)], [IPNetwork.Parse(network)], TryMx: false);

    /// <summary>Puts a message into the queue and waits until it is held.</summary>
    public async Task<SpooledMessage> HoldAsync(string from, string to, string text = "Subject: held\r\n\r\nHello.\r\n")
    {
        var message = await SendAsync(from, to, text);
        await RelayScene.UntilAsync(() => Journeys.Events.Any(one => one.Journey == message.Journey && one.Step == JourneyStep.Deferred), () => $"not held: {string.Join("; ", Journeys.Events.Select(one => one.Summary))}");
        return message;
    }

    public async Task<SpooledMessage> SendAsync(string from, string to, string text = "Subject: held\r\n\r\nHello.\r\n")
    {
        var message = RelayScene.Message(Clock, from, [to], text);
        await Spool.AcceptAsync(message, CancellationToken.None);
        return message;
    }

    public Task PlayAsync(Chunking chunking, string dialogue) =>
        new DialoguePlayer((transport, stopping) => Server.ServeAsync(transport, _role, stopping), Clock).PlayAsync(chunking, dialogue, TestContext.Current.CancellationToken);

    public long Count(string table, string condition = "1 = 1")
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_directory.Path, "mta.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM {table} WHERE {condition}";
        return (long)command.ExecuteScalar()!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _hosted.OfType<IHostedLifecycleService>())
            await hosted.StoppingAsync(CancellationToken.None);
        foreach (var hosted in Enumerable.Reverse(_hosted))
            await hosted.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        await Dns.DisposeAsync();
        _directory.Dispose();
    }
}
