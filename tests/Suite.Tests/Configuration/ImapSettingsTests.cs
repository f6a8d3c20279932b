using MailSuite.Host.Configuration;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

public sealed class ImapSettingsTests
{
    [Fact]
    public void Asks_for_TLS_on_a_server_and_takes_any_password_in_clear_under_development()
    {
        Assert.False(Read(Least).Mda.Imap.AllowPlaintextAuthentication);
        Assert.Equal(4, Read(Least).Mda.Imap.AuthenticationMechanisms.Count);
        var development = Read("{}", Profile.Development).Mda.Imap;
        Assert.True(development.AllowPlaintextAuthentication);
        Assert.Equal(["PLAIN", "LOGIN"], development.AuthenticationMechanisms);
    }

    [Fact]
    public void Has_its_ports()
    {
        Assert.Equal([143, 993], PortsOf(Read(Least)));
        Assert.Equal([1143], PortsOf(Read("{}", Profile.Development)));
    }

    [Fact]
    public void The_development_profile_has_one_port() =>
        Assert.Contains("The development profile serves IMAP on the port of Imap", string.Join('\n', MistakesOf("""{ "ImapTls": { "Port": 993 } }""", Profile.Development)), StringComparison.Ordinal);

    [Fact]
    public void Can_be_off() => Assert.Empty(PortsOf(Read(With(""" "Imap": { "Port": "off" }, "ImapTls": { "Port": "off" } """))));

    [Fact]
    public void A_command_has_at_least_a_line() =>
        Assert.Contains("A command has at least a line", Assert.Single(MistakesOf(With(""" "Imap": { "MaxLineOctets": "64 KiB", "MaxCommandOctets": "63 KiB" } """))), StringComparison.Ordinal);

    [Theory]
    [InlineData("MaxSessions", "1", "0")]
    [InlineData("MaxSessions", "14999", "15000")]
    [InlineData("MaxSessionsPerAddress", "1", "0")]
    [InlineData("MaxSessionsPerAddress", "1000000", "1000001")]
    [InlineData("MaxSessionsPerAccount", "1", "0")]
    [InlineData("MaxSessionsPerAccount", "1000000", "1000001")]
    [InlineData("MaxLineOctets", "8192", "8191")]
    [InlineData("MaxLiteralOctets", "4096", "4095")]
    [InlineData("MaxLiteralOctets", "67108864", "67108865")]
    [InlineData("MaxCommandOctets", "268435456", "268435457")]
    [InlineData("MaxMessageOctets", "65536", "65535")]
    [InlineData("MaxMessageOctets", "2147483647", "2147483648")]
    [InlineData("AuthenticationTimeout", "\"1 s\"", "\"999 ms\"")]
    [InlineData("AuthenticationTimeout", "\"1 h\"", "\"61 min\"")]
    [InlineData("IdleTimeout", "\"30 min\"", "\"29 min\"")]
    [InlineData("IdleTimeout", "\"7 d\"", "\"169 h\"")]
    [InlineData("TransferTimeout", "\"1 s\"", "\"999 ms\"")]
    [InlineData("TransferTimeout", "\"1 h\"", "\"61 min\"")]
    [InlineData("MaxErrors", "1", "0")]
    [InlineData("MaxErrors", "10000", "10001")]
    [InlineData("MaxAuthenticationFailures", "1", "0")]
    [InlineData("MaxAuthenticationFailures", "100", "101")]
    [InlineData("AuthenticationMechanisms", "[\"plain\"]", "[\"CRAM-MD5\"]")]
    [InlineData("AllowPlaintextAuthentication", "true", "1")]
    public void Has_bounds(string name, string good, string bad)
    {
        Read(With($$""" "Imap": { "{{name}}": {{good}} } """));
        Assert.Single(MistakesOf(With($$""" "Imap": { "{{name}}": {{bad}} } """)));
    }

    private static IEnumerable<int> PortsOf(HostSettings settings) =>
        settings.Endpoints.Where(endpoint => endpoint.Kind is EndpointKind.Imap or EndpointKind.ImapTls).Select(endpoint => endpoint.Port);
}
