using MailSuite.Shared.Addressing;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

/// <summary>Aliases that lead to one another, and how far.</summary>
public sealed class AliasTests
{
    [Fact]
    public void An_alias_may_name_itself_to_keep_mail_here_and_send_it_on() =>
        Assert.Equal(2, Read(With("""  "Aliases": { "ann@example.org": ["ann@example.org", "ann@elsewhere.example"], "all@example.org": ["ann@example.org"] } """)).Mda.Aliases[EnvelopeAddress.Parse("ann@example.org")].Count);

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Aliases_lead_to_one_another_ten_deep(int aliases, bool good)
    {
        var json = With($$"""  "Aliases": { {{string.Join(", ", Enumerable.Range(1, aliases).Select(i => $"\"a{i}@example.org\": [\"a{i + 1}@example.org\"]"))}} } """);
        if (good)
            Assert.Equal(aliases, Read(json).Mda.Aliases.Count);
        else
            Assert.Contains("Aliases:a1@example.org = […]: The alias leads over more than 10 aliases", Assert.Single(MistakesOf(json)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public void Aliases_of_aliases_lead_to_a_thousand_addresses_in_all(int second, bool good)
    {
        var json = With($$"""  "Aliases": { "all@example.org": ["one@example.org", "two@example.org"], "one@example.org": [{{List("a", 500)}}], "two@example.org": [{{List("b", second)}}] } """);
        if (good)
            Assert.Equal(3, Read(json).Mda.Aliases.Count);
        else
            Assert.Contains("Aliases:all@example.org = […]: The alias leads to more than 1000 addresses", Assert.Single(MistakesOf(json)), StringComparison.Ordinal);

        static string List(string name, int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"\"{name}{i}@elsewhere.example\""));
    }

    [Theory]
    [InlineData("""{ "a@example.org": ["b@example.org"], "b@example.org": ["c@example.org", "x@elsewhere.example"], "c@example.org": "a@example.org" }""", 3)]
    [InlineData("""{ "a@example.org": ["a@example.org", "b@example.org"], "b@example.org": ["b@example.org", "a@example.org"] }""", 2)]
    [InlineData("""{ "x@example.org": ["a@example.org"], "a@example.org": ["b@example.org"], "b@example.org": ["a@example.org"] }""", 2)]
    public void Circles_are_told_at_the_start(string aliases, int circular)
    {
        var mistakes = MistakesOf(With($"  \"Aliases\": {aliases} "));
        Assert.Equal(circular, mistakes.Count);
        Assert.All(mistakes, mistake => Assert.Contains("The alias leads back to itself", mistake, StringComparison.Ordinal));
    }

    [Fact]
    public void What_catches_the_rest_of_a_domain_may_be_written_without_a_star() =>
        Assert.Equal(EnvelopeAddress.Parse("*@example.org"), Assert.Single(Read(With("""  "Aliases": { "@example.org": ["ann@example.org"] } """)).Mda.Aliases).Key);

    [Fact]
    public void The_same_name_is_another_alias_in_each_domain()
    {
        var aliases = Read(With("""  "Aliases": { "info@example.org": ["ann@example.org"], "info@example.net": ["ben@example.net"] } """)).Mda.Aliases;
        Assert.Equal(EnvelopeAddress.Parse("ann@example.org"), Assert.Single(aliases[EnvelopeAddress.Parse("info@example.org")]));
        Assert.Equal(EnvelopeAddress.Parse("ben@example.net"), Assert.Single(aliases[EnvelopeAddress.Parse("info@example.net")]));
    }

    [Fact]
    public void A_domain_is_another_name_of_one_of_ours()
    {
        var mda = Read(With("""  "DomainAliases": { "example.com": "example.org", "Example.INFO": ["example.org"] }, "Aliases": { "team@example.org": ["ann@example.com"] } """)).Mda;
        Assert.Equal(Domain.Parse("example.org"), mda.DomainAliases[Domain.Parse("example.com")]);
        Assert.Equal(2, mda.DomainAliases.Count);
        Assert.Equal(EnvelopeAddress.Parse("ann@example.org"), Assert.Single(mda.Aliases[EnvelopeAddress.Parse("team@example.org")]));
    }

    [Theory]
    [InlineData("""  "DomainAliases": { "example.com": "elsewhere.example" } """, "DomainAliases:example.com = elsewhere.example: elsewhere.example is not kept here.")]
    [InlineData("""  "DomainAliases": { "example.com": "example.info", "example.info": "example.org" } """, "example.info is not kept here. It must be one of example.org, example.net; another name of another name is none.")]
    [InlineData("""  "DomainAliases": { "example.org": "example.org" } """, "example.org stands in Domains too")]
    [InlineData("""  "DomainAliases": { "[127.0.0.1]": "example.org" } """, "The other name must be a domain name.")]
    [InlineData("""  "DomainAliases": { "exa mple": "example.org" } """, "The other name must be a domain name.")]
    [InlineData("""  "DomainAliases": { "example.com": ["example.org", "example.org"] } """, "There are 2 here, more than 1.")]
    [InlineData("""  "DomainAliases": { "example.com": [] } """, "One domain is needed.")]
    [InlineData("""  "DomainAliases": { "example.com": "example.org", "EXAMPLE.com.": "example.org" } """, "")]
    [InlineData("""  "DomainAliases": { "example.com": "example.org" }, "Aliases": { "info@example.com": ["ann@example.org"] } """, "example.com is another name of example.org. Write info@example.org, which is both.")]
    [InlineData("""  "DomainAliases": { "example.com": "example.org" }, "Moved": { "old@example.com": "new@elsewhere.example" } """, "Write old@example.org, which is both.")]
    [InlineData("""  "DomainAliases": { "example.com": "example.org" }, "Aliases": { "a@example.org": ["b@example.com"], "b@example.org": ["a@example.com"] } """, "The alias leads back to itself.")]
    [InlineData("""  "Mda": { "DetailSeparators": "+x" } """, "This must be made of the characters +-_=.#, each once, or empty for none.")]
    [InlineData("""  "Mda": { "DetailSeparators": "++" } """, "each once")]
    [InlineData("""  "Mda": { "DetailMailbox": "Always" } """, "This must be one of Never, IfThere, Create.")]
    [InlineData("""  "Mda": { "QuotaGrace": "366 d" } """, "This must be a time from 0 ms to 365 d.")]
    public void What_is_wrong_is_told(string members, string problem) => Assert.Contains(problem, string.Join('\n', MistakesOf(With(members))), StringComparison.Ordinal);

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void A_thousand_domains_may_have_another_name(int count, bool good)
    {
        var json = With($$"""  "DomainAliases": { {{string.Join(", ", Enumerable.Range(0, count).Select(i => $"\"d{i}.example\": \"example.org\""))}} } """);
        if (good)
            Assert.Equal(count, Read(json).Mda.DomainAliases.Count);
        else
            Assert.Contains("more than 1000", Assert.Single(MistakesOf(json)), StringComparison.Ordinal);
    }
}
