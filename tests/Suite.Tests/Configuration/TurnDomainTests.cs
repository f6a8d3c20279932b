using System.Net;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

public sealed class TurnDomainTests
{
    [Fact]
    public void Reads_who_may_ask_for_the_mail_of_which_domain()
    {
        var settings = Read(With("""
            "Mta": { "TurnDomains": { "customer.example": ["gateway@example.org", "192.0.2.0/28", "2001:db8::1"], "Bücher.example": ["mx", "gateway@example.org"] }, "TurnInterval": "1 min" },
            "Odmr": { "Port": 366, "Addresses": ["127.0.0.1"] }
            """));
        var customer = settings.Mta.TurnDomains[Domain.Parse("CUSTOMER.example")];
        Assert.Equal(EnvelopeAddress.Parse("gateway@example.org"), Assert.Single(customer.Accounts));
        Assert.Equal([IPNetwork.Parse("192.0.2.0/28"), IPNetwork.Parse("2001:db8::1/128")], customer.Networks);
        Assert.False(customer.TryMx);
        Assert.True(settings.Mta.TurnDomains[Domain.Parse("xn--bcher-kva.example")].TryMx);
        Assert.Equal(TimeSpan.FromMinutes(1), settings.Mta.TurnInterval);
        Assert.Equal(366, Assert.Single(settings.Endpoints, endpoint => endpoint.Kind == EndpointKind.Odmr).Port);
    }

    [Fact]
    public void Takes_a_list_from_the_environment() =>
        Assert.True(Read(Least, Profile.Server, ("MAILSUITE_Mta__TurnDomains", """{ "customer.example": "gateway@example.org" }""")).Mta.TurnDomains.ContainsKey(Domain.Parse("customer.example")));

    [Theory]
    [InlineData("""{ "example.org": ["gateway@example.org"] }""", "The mailboxes of this domain are here")]
    [InlineData("""{ "customer.example": [] }""", "Nobody may ask")]
    [InlineData("""{ "customer.example": ["mx"] }""", "Nobody may ask")]
    [InlineData("""{ "customer.example": ["gateway@elsewhere.example"] }""", "is no account here")]
    [InlineData("""{ "customer.example": ["what is this"] }""", "This must be an account, a network")]
    [InlineData("""{ "not a domain": ["gateway@example.org"] }""", "This must be a domain name")]
    [InlineData("""{ "[192.0.2.1]": ["gateway@example.org"] }""", "This must be a domain name")]
    [InlineData("""{ "bücher.example": ["gateway@example.org"], "xn--bcher-kva.example": ["gateway@example.org"] }""", "stands twice")]
    public void Tells_what_is_wrong(string domains, string problem) =>
        Assert.Contains(problem, string.Join('\n', MistakesOf(With($$"""  "Mta": { "TurnDomains": {{domains}} }  """))), StringComparison.Ordinal);

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Takes_a_hundred_words_for_a_domain(int words, bool good)
    {
        var list = string.Join(',', Enumerable.Range(0, words).Select(i => $"\"192.0.2.{i}\""));
        IsGood(good, $$""" "TurnDomains": { "customer.example": [{{list}}] } """);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Takes_a_thousand_domains(int domains, bool good)
    {
        var members = string.Join(',', Enumerable.Range(0, domains).Select(i => $"\"d{i}.example\": \"192.0.2.1\""));
        IsGood(good, $$""" "TurnDomains": { {{members}} } """);
    }

    [Theory]
    [InlineData("0 s", true)]
    [InlineData("1 h", true)]
    [InlineData("3601 s", false)]
    public void Has_bounds_for_the_interval(string interval, bool good) =>
        IsGood(good, $$""" "TurnInterval": "{{interval}}" """);

    private static void IsGood(bool good, string members)
    {
        var json = With($$"""  "Mta": { {{members}} }  """);
        if (good)
            Read(json);
        else
            Assert.Single(MistakesOf(json));
    }
}
