using System.Net;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

public sealed class MetricsSettingsTests
{
    [Fact]
    public void Are_off_and_for_this_machine_by_default()
    {
        var settings = Read(Least);
        Assert.False(settings.Metrics.IsOn);
        Assert.False(settings.Mta.HasMetrics);
        Assert.Equal([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")], settings.Metrics.ScrapeFrom);
        Assert.Equal(TimeSpan.FromMinutes(1), settings.Metrics.OtlpInterval);
    }

    [Theory]
    [InlineData(""" "Scrape": true """)]
    [InlineData(""" "OtlpEndpoint": "http://127.0.0.1:4318/v1/metrics" """)]
    [InlineData(""" "OtlpEndpoint": "https://collector.example.org/v1/metrics", "OtlpInterval": "1 s" """)]
    [InlineData(""" "Scrape": true, "OtlpInterval": "1 h" """)]
    public void Are_on_when_somebody_gets_them(string members) => Assert.True(Read(With($$""" "Metrics": { {{members}} } """)).Mta.HasMetrics);

    [Theory]
    [InlineData(""" "OtlpEndpoint": "http://collector.example.org/v1/metrics" """, "Use https")]
    [InlineData(""" "OtlpEndpoint": "collector" """, "This must be an http or https URL")]
    [InlineData(""" "OtlpInterval": "999 ms" """, "This must be a time from 1 s to 1 h")]
    [InlineData(""" "OtlpInterval": "61 min" """, "This must be a time from 1 s to 1 h")]
    [InlineData(""" "ScrapeFrom": ["everybody"] """, "This must be")]
    public void Tell_what_is_wrong(string members, string problem) => Assert.Contains(problem, string.Join('\n', MistakesOf(With($$""" "Metrics": { {{members}} } """))), StringComparison.Ordinal);

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_hundred_networks_may_ask(int count, bool good)
    {
        var json = With($$""" "Metrics": { "ScrapeFrom": [{{string.Join(',', Enumerable.Range(1, count).Select(i => $"\"192.0.2.{i}\""))}}] } """);
        if (good)
            Assert.Equal(count, Read(json).Metrics.ScrapeFrom.Count);
        else
            Assert.NotEmpty(MistakesOf(json));
    }
}
