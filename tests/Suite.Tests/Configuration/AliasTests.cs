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
}
