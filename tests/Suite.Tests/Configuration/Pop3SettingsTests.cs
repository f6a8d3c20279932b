using MailSuite.Host.Configuration;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

public sealed class Pop3SettingsTests
{
    [Fact]
    public void Asks_for_TLS_on_a_server_and_takes_any_password_in_clear_under_development()
    {
        Assert.False(Read(Least).Mda.Pop3.AllowPlaintextAuthentication);
        Assert.Equal(4, Read(Least).Mda.Pop3.AuthenticationMechanisms.Count);
        var development = Read("{}", Profile.Development).Mda.Pop3;
        Assert.True(development.AllowPlaintextAuthentication);
        Assert.Equal(["PLAIN", "LOGIN"], development.AuthenticationMechanisms);
    }

    [Fact]
    public void The_development_profile_has_one_port() =>
        Assert.Contains("The development profile serves POP3 on the port of Pop3", string.Join('\n', MistakesOf("""{ "Pop3Tls": { "Port": 995 } }""", Profile.Development)), StringComparison.Ordinal);

    [Fact]
    public void Can_be_off() =>
        Assert.DoesNotContain(Read(With(""" "Pop3": { "Port": "off" }, "Pop3Tls": { "Port": "off" } """)).Endpoints, endpoint => endpoint.Kind is EndpointKind.Pop3 or EndpointKind.Pop3Tls);

    [Theory]
    [InlineData("MaxAuthenticationFailures", "1", "0")]
    [InlineData("MaxAuthenticationFailures", "100", "101")]
    [InlineData("MaxErrors", "1", "0")]
    [InlineData("MaxErrors", "10000", "10001")]
    [InlineData("MaxSessions", "1", "0")]
    [InlineData("MaxSessions", "14999", "15000")]
    [InlineData("MaxSessionsPerAddress", "1", "0")]
    [InlineData("MaxSessionsPerAddress", "100000", "100001")]
    [InlineData("MaxCommandLineOctets", "255", "254")]
    [InlineData("MaxCommandLineOctets", "65536", "65537")]
    [InlineData("CommandTimeout", "\"1 s\"", "\"999 ms\"")]
    [InlineData("CommandTimeout", "\"24 h\"", "\"1441 min\"")]
    [InlineData("AuthenticationTimeout", "\"1 s\"", "\"999 ms\"")]
    [InlineData("AuthenticationTimeout", "\"1 h\"", "\"61 min\"")]
    [InlineData("LoginDelay", "\"0 s\"", "\"-1 s\"")]
    [InlineData("LoginDelay", "\"24 h\"", "\"1441 min\"")]
    [InlineData("AuthenticationMechanisms", "[\"plain\"]", "[\"CRAM-MD5\"]")]
    [InlineData("AllowPlaintextAuthentication", "true", "1")]
    public void Has_bounds(string name, string good, string bad)
    {
        Read(With($$""" "Pop3": { "{{name}}": {{good}} } """));
        Assert.Single(MistakesOf(With($$""" "Pop3": { "{{name}}": {{bad}} } """)));
    }
}
