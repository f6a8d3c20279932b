using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>Metrics</c> settings.</summary>
internal static class MetricsSchema
{
    public static MetricsSettings Read(SettingsReader reader, Profile profile)
    {
        var d = new MetricsSettings();
        var endpoint = reader.Text<Uri>("Metrics:OtlpEndpoint", d.OtlpEndpoint, TryUrl, "an http or https URL", "http://127.0.0.1:4318/v1/metrics");
        if (endpoint is { IsLoopback: false } && endpoint.Scheme == Uri.UriSchemeHttp && profile == Profile.Server)
            reader.Mistake("Metrics:OtlpEndpoint", "Who is on the way could read the numbers.", "Use https; http is for this machine only.");
        return new MetricsSettings
        {
            Scrape = reader.Flag("Metrics:Scrape", d.Scrape),
            ScrapeFrom = reader.List("Metrics:ScrapeFrom", d.ScrapeFrom, NetworkText.TryParse, NetworkText.What, NetworkText.Example, maxCount: 100),
            OtlpEndpoint = endpoint,
            OtlpInterval = reader.Duration("Metrics:OtlpInterval", d.OtlpInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
    }

    private static bool TryUrl(ReadOnlySpan<char> text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text.ToString(), UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}

/// <summary>Who gets the numbers of this program. By itself nobody, and then nothing of it is loaded.</summary>
internal sealed record MetricsSettings
{
    /// <summary>Whether the web listener answers <c>/metrics</c> with the text of Prometheus. Default false.</summary>
    public bool Scrape { get; init; }

    /// <summary>Who may ask for it. Default this machine.</summary>
    public IReadOnlyList<IPNetwork> ScrapeFrom { get; init; } = [new IPNetwork(new IPAddress([127, 0, 0, 0]), 8), new IPNetwork(IPAddress.IPv6Loopback, 128)];

    /// <summary>A collector to which they are posted, as OTLP over HTTP with protobuf; <see langword="null"/> for none. Default <see langword="null"/>.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>How often they are posted. Default 60 s, as OpenTelemetry has it (OTEL_METRIC_EXPORT_INTERVAL).</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromSeconds(60);

    public bool IsOn => Scrape || OtlpEndpoint is not null;
}
