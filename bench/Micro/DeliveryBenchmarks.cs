using BenchmarkDotNet.Attributes;
using MailSuite.Mda;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Bench.Micro;

/// <summary>The store's writer: messages of 5 KiB, each durable when its call is done, so many callers at once.</summary>
[MemoryDiagnoser]
public class DeliveryBenchmarks
{
    private const int Deliveries = 2_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("mailsuite-bench-").FullName;
    private readonly MemoryContent _content = new(SampleMessage.Octets);
    private IHost? _host;
    private ILocalDelivery? _delivery;

    [Params(1, 10, 50, 200)]
    public int Callers { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IJourneyRecorder, NoJourneys>();
        builder.Services.AddMda(new MdaOptions { DataDirectory = _directory, HostName = "mail.example.org", EveryoneIsLocal = true });
        _host = builder.Build();
        await _host.StartAsync();
        _delivery = _host.Services.GetRequiredService<ILocalDelivery>();
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Deliveries)]
    public Task DeliverAsync() => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
    {
        var recipient = EnvelopeAddress.Parse($"user{caller % 20}@example.org");
        for (var i = 0; i < Deliveries / Callers; i++)
        {
            var delivery = new LocalDelivery(DeliveryId.New(TimeProvider.System), JourneyId.New(TimeProvider.System), ReversePath.Null, [recipient], _content);
            if (await _delivery!.DeliverAsync(delivery, CancellationToken.None) is not [LocalDeliveryOutcome.Stored])
                throw new InvalidOperationException("A message was not stored.");
        }
    })));

    private sealed class NoJourneys : IJourneyRecorder
    {
        public void Record(JourneyEvent journeyEvent)
        {
        }
    }
}
