using System.Diagnostics.Metrics;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Notices;
using Microsoft.Extensions.Hosting;

namespace MailSuite.Mta.Metrics;

/// <summary>What is read when somebody looks, not counted as it happens.</summary>
internal sealed class MtaGauges(QueueSizes sizes, SessionPool pool, NoticeOutbox? outbox = null) : IHostedService, IDisposable
{
    private readonly Meter _meter = new(MtaMeter.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meter.CreateObservableGauge("mailsuite.queue.recipients", Recipients, "{recipient}", "Recipients in the queue, counted some seconds to minutes ago.");
        _meter.CreateObservableGauge("mailsuite.smtp.client.idle_connections", () => pool.Idle, "{connection}", "Connections to next hosts that are kept for the next message.");
        if (outbox is not null)
            _meter.CreateObservableGauge("mailsuite.webhook.waiting", Notices, "{notice}", "Notices that wait for a webhook.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Recipients() => sizes.Read() is not { } size ? [] :
    [
        Of(size.Waiting, "waiting"), Of(size.Due, "due"), Of(size.Held, "held"), Of(size.Unreported, "unreported"), Of(size.Undeliverable, "undeliverable"),
    ];

    private IEnumerable<Measurement<int>> Notices() =>
        outbox!.Lines.Select(line => new Measurement<int>(line.Waiting, new KeyValuePair<string, object?>("mailsuite.webhook", line.Target.Name)));

    private static Measurement<long> Of(long recipients, string state) => new(recipients, new KeyValuePair<string, object?>("mailsuite.queue.state", state));
}
