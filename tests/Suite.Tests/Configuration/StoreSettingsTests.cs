using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

/// <summary>What limits the mailboxes of an account.</summary>
public sealed class StoreSettingsTests
{
    [Theory]
    [InlineData("MaxMailboxes", "10", "9")]
    [InlineData("MaxMailboxes", "1000000", "1000001")]
    [InlineData("QuotaMessages", "0", "-1")]
    [InlineData("QuotaMessages", "1000000000", "1000000001")]
    public void Has_bounds(string name, string good, string bad)
    {
        Read(With($$""" "Mda": { "{{name}}": {{good}} } """));
        Assert.Single(MistakesOf(With($$""" "Mda": { "{{name}}": {{bad}} } """)));
    }

    [Theory]
    [InlineData("1024", "1023")]
    [InlineData("268435456", "268435457")]
    public void The_text_that_is_indexed_has_bounds(string good, string bad)
    {
        Assert.Equal(int.Parse(good, System.Globalization.CultureInfo.InvariantCulture), Read(With($$""" "Mda": { "Search": { "MaxTextOctets": {{good}} } } """)).Mda.Search.MaxTextOctets);
        Assert.Single(MistakesOf(With($$""" "Mda": { "Search": { "MaxTextOctets": {{bad}} } } """)));
    }
}
