using System.Net;
using System.Text;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>The whole sending half, with the other half, the MDA, the DNS and the other hosts played by the test.</summary>
internal sealed class RelayScene : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory;
    private readonly bool _ownsDirectory;
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _hosted;
    private bool _stopped;

    private RelayScene(TempDirectory? directory, FakeMda mda, FakeDnsServer dns, FakeTimeProvider clock, Func<MtaOptions, MtaOptions> change, int port)
    {
        _ownsDirectory = directory is null;
        _directory = directory ?? new TempDirectory();
        (Mda, Dns, Clock) = (mda, dns, clock);
        var options = change(new MtaOptions
        {
            DataDirectory = _directory.Path,
            HostName = Domain.Parse("mx.here.test"),
            Relay = new RelayOptions { Port = port, DnsServers = [dns.EndPoint], DnsTimeout = TimeSpan.FromMilliseconds(300) },
        });
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(options)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IJourneyRecorder>(Journeys)
            .AddSingleton<IRecipientDirectory>(mda)
            .AddSingleton<ILocalDelivery>(mda)
            .AddRelaying(options)
            .BuildServiceProvider();
        _hosted = [.. _services.GetServices<IHostedService>()];
    }

    public FakeMda Mda { get; }

    public FakeDnsServer Dns { get; }

    public FakeTimeProvider Clock { get; }

    public RecordedJourneys Journeys { get; } = new();

    public SpoolStore Spool => _services.GetRequiredService<SpoolStore>();

    public IMailQueue Queue => _services.GetRequiredService<IMailQueue>();

    public IWebhooks Webhooks => _services.GetRequiredService<IWebhooks>();

    public Arrivals Arrivals => _services.GetRequiredService<Arrivals>();

    public RelayQueue Relaying => _services.GetRequiredService<RelayQueue>();

    public string DataDirectory => _directory.Path;

    /// <summary>The sending half, started; its next hosts listen on <paramref name="port"/>.</summary>
    public static async Task<RelayScene> StartAsync(int port, Func<MtaOptions, MtaOptions>? change = null, bool runQueue = true, TempDirectory? directory = null, FakeDnsServer? dns = null, FakeMda? mda = null, FakeTimeProvider? clock = null)
    {
        var scene = new RelayScene(directory, mda ?? new FakeMda(), dns ?? new FakeDnsServer(), clock ?? new FakeTimeProvider(DateTimeOffset.UtcNow), change ?? (options => options), port);
        foreach (var hosted in scene._hosted)
            await hosted.StartAsync(CancellationToken.None);
        if (runQueue)
            await scene.RunQueueAsync();
        return scene;
    }

    /// <param name="without">What is left for later.</param>
    /// <param name="only">What had been left.</param>
    public async Task RunQueueAsync(Type? without = null, Type? only = null)
    {
        foreach (var hosted in _hosted.OfType<IHostedLifecycleService>().Where(one => one.GetType() != without && (only is null || one.GetType() == only)))
            await hosted.StartedAsync(CancellationToken.None);
    }

    /// <summary>What the Host does when the clock was moved.</summary>
    public async Task MoveClockAsync(bool isBack)
    {
        foreach (var follower in _services.GetServices<IClockFollower>())
            await follower.MovedAsync(isBack, CancellationToken.None);
    }

    /// <summary>A domain with one MX at an address of loopback.</summary>
    public void Host(string domain, string address = "127.0.0.1", int preference = 10)
    {
        var host = $"mx{address.Replace(".", "-", StringComparison.Ordinal)}.{domain}";
        Dns.Mx(domain, preference, host).Address(host, IPAddress.Parse(address));
    }

    public async Task<SpooledMessage> SendAsync(string from, string[] to, string? content = null, RecipientFailure? failure = null, IMessageContent? octets = null, bool smtpUtf8 = false)
    {
        var message = Message(Clock, from, to, content, failure, octets, smtpUtf8);
        await Spool.AcceptAsync(message, CancellationToken.None);
        return message;
    }

    public static SpooledMessage Message(TimeProvider clock, string from, string[] to, string? content = null, RecipientFailure? failure = null, IMessageContent? octets = null, bool smtpUtf8 = false) => new(
        QueueId.New(clock), JourneyId.New(clock), from.Length == 0 ? ReversePath.Null : ReversePath.Of(EnvelopeAddress.Parse(from)),
        [.. to.Select(address => new SpooledRecipient(EnvelopeAddress.Parse(address), failure))], BodyType.SevenBit, smtpUtf8,
        octets ?? new MemoryContent(Encoding.UTF8.GetBytes(content ?? "Subject: Hello\r\nMessage-ID: <1@there>\r\n\r\nHow are you?\r\n")), clock.GetUtcNow());

    /// <summary>Waits for the journey to tell something.</summary>
    public async Task<JourneyEvent> SeeAsync(JourneyStep step, Func<JourneyEvent, bool>? which = null)
    {
        JourneyEvent? seen = null;
        await UntilAsync(() => (seen = Journeys.Events.FirstOrDefault(one => one.Step == step && (which is null || which(one)))) is not null, () => $"no {step} in: {string.Join("; ", Journeys.Events.Select(one => $"{one.Step} {one.Summary} {one.Reason}"))}");
        return seen!;
    }

    public static async Task UntilAsync(Func<bool> condition, Func<string>? complaint = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                Assert.Fail(complaint?.Invoke() ?? "It did not come about.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the spool holds no message.</summary>
    public Task EmptyAsync() => UntilAsync(() => Count("Messages") == 0, () => "The spool is not empty.");

    public long Count(string table, string condition = "1 = 1")
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(DataDirectory, "mta.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM {table} WHERE {condition}";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Ends the program as SIGTERM does; the disk stays.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        foreach (var hosted in _hosted.OfType<IHostedLifecycleService>())
            await hosted.StoppingAsync(CancellationToken.None);
        foreach (var hosted in Enumerable.Reverse(_hosted))
            await hosted.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Dns.DisposeAsync();
        if (_ownsDirectory)
            _directory.Dispose();
    }
}
