using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

/// <summary>The settings of connections to next hosts, each bound at N and N+1.</summary>
public sealed class RelayConnectionTests
{
    [Fact]
    public void Takes_the_least_and_the_most()
    {
        Assert.Equal(
            new ConnectionOptions { IdleTime = TimeSpan.Zero, MaxAge = TimeSpan.FromSeconds(1), MaxMessages = 1, MaxIdle = 1, MaxIdlePerHost = 1 },
            Read(With(""" "Relay": { "Connections": { "IdleTime": "0 s", "MaxAge": "1 s", "MaxMessages": 1, "MaxIdle": 1, "MaxIdlePerHost": 1 } } """)).Mta.Relay.Connections);
        Assert.Equal(
            new ConnectionOptions { IdleTime = TimeSpan.FromMinutes(5), MaxAge = TimeSpan.FromHours(1), MaxMessages = 100_000, MaxIdle = 10_000, MaxIdlePerHost = 1_000 },
            Read(With(""" "Relay": { "Connections": { "IdleTime": "5 min", "MaxAge": "1 h", "MaxMessages": 100000, "MaxIdle": 10000, "MaxIdlePerHost": 1000 } } """)).Mta.Relay.Connections);
        Assert.Equal(TlsDowngrade.Defer, Read(With(""" "Relay": { "TlsDowngrade": "Defer" } """)).Mta.Relay.TlsDowngrade);
        Assert.Equal(TimeSpan.Zero, Read(With(""" "Relay": { "TlsMemory": "0 s" } """)).Mta.Relay.TlsMemory);
        Assert.Equal(TimeSpan.FromDays(3650), Read(With(""" "Relay": { "TlsMemory": "3650 d" } """)).Mta.Relay.TlsMemory);
    }

    [Theory]
    [InlineData("\"Connections\": { \"IdleTime\": \"301 s\" }", "Relay:Connections:IdleTime = 301 s: This must be a time")]
    [InlineData("\"Connections\": { \"MaxAge\": \"999 ms\" }", "Relay:Connections:MaxAge = 999 ms: This must be a time from 1 s to 1 h")]
    [InlineData("\"Connections\": { \"MaxAge\": \"61 min\" }", "Relay:Connections:MaxAge = 61 min: This must be a time from 1 s to 1 h")]
    [InlineData("\"Connections\": { \"MaxMessages\": 0 }", "This must be a whole number from 1 to 100000")]
    [InlineData("\"Connections\": { \"MaxMessages\": 100001 }", "This must be a whole number from 1 to 100000")]
    [InlineData("\"Connections\": { \"MaxIdle\": 0 }", "This must be a whole number from 1 to 10000")]
    [InlineData("\"Connections\": { \"MaxIdle\": 10001 }", "This must be a whole number from 1 to 10000")]
    [InlineData("\"Connections\": { \"MaxIdlePerHost\": 0 }", "This must be a whole number from 1 to 1000")]
    [InlineData("\"Connections\": { \"MaxIdlePerHost\": 1001 }", "This must be a whole number from 1 to 1000")]
    [InlineData("\"TlsMemory\": \"3651 d\"", "Relay:TlsMemory = 3651 d: This must be a time")]
    [InlineData("\"TlsDowngrade\": \"Bounce\"", "This must be one of Warn, Defer")]
    [InlineData("\"TrustedCertificates\": \"/no/such.pem\"", "Relay:TrustedCertificates = /no/such.pem: It cannot be used")]
    public void Refuses_what_is_beyond(string member, string expected) =>
        Assert.Contains(MistakesOf(With($$""" "Relay": { {{member}} } """)), mistake => mistake.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Looks_into_the_file_of_authorities()
    {
        using var directory = new TempDirectory();
        using var authority = new CertificateAuthority();
        File.WriteAllText(directory.File("good.pem"), authority.Pem);
        File.WriteAllText(directory.File("empty.pem"), "nothing");

        Assert.Equal(directory.File("good.pem"), Read(With($$""" "Relay": { "TrustedCertificates": "{{directory.File("good.pem")}}" } """)).Mta.Relay.TrustedCertificates);
        Assert.Contains(MistakesOf(With($$""" "Relay": { "TrustedCertificates": "{{directory.File("empty.pem")}}" } """)), mistake => mistake.Contains("There is no certificate in it", StringComparison.Ordinal));
    }
}
