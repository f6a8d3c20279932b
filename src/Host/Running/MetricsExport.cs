using System.Net;
using MailSuite.Host.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MailSuite.Host.Running;

/// <summary>Brings what the modules count to who wants to see it. Nothing of OpenTelemetry is loaded before one of its methods runs.</summary>
internal static class MetricsExport
{
    private const string Path = "/metrics";

    /// <summary>What is collected: ours, and of .NET what tells of the process and of connections.</summary>
    private static readonly string[] Meters = ["MailSuite.Mta", "MailSuite.Mda", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    public static void Add(IServiceCollection services, MetricsSettings settings) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("mailsuite", serviceVersion: MailSuiteProgram.Version))
        .WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters);
            if (settings.Scrape)
                metrics.AddPrometheusExporter();
            if (settings.OtlpEndpoint is { } endpoint)
            {
                metrics.AddOtlpExporter((exporter, reader) =>
                {
                    exporter.Endpoint = endpoint;
                    exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.OtlpInterval.TotalMilliseconds;
                });
            }
        });

    /// <summary>Answers <c>/metrics</c> to who may ask. To others it is a page that does not exist.</summary>
    public static void Use(WebApplication app, MetricsSettings settings) =>
        app.UseOpenTelemetryPrometheusScrapingEndpoint(context => context.Request.Path == Path && HttpMethods.IsGet(context.Request.Method) && MayAsk(context.Connection.RemoteIpAddress, settings));

    private static bool MayAsk(IPAddress? peer, MetricsSettings settings)
    {
        if (peer is { IsIPv4MappedToIPv6: true })
            peer = peer.MapToIPv4();
        return peer is not null && settings.ScrapeFrom.Any(network => network.Contains(peer));
    }
}
