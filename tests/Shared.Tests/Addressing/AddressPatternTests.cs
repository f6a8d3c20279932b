using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Tests.Addressing;

public sealed class AddressPatternTests
{
    [Theory]
    [InlineData("*", AddressPatternKind.Any, "")]
    [InlineData("<>", AddressPatternKind.NullPath, "")]
    [InlineData("Bücher.example", AddressPatternKind.Domain, "xn--bcher-kva.example")]
    [InlineData("[192.0.2.1]", AddressPatternKind.Domain, "[192.0.2.1]")]
    [InlineData(".Example.org", AddressPatternKind.SubDomains, "example.org")]
    [InlineData("Ann@Example.org", AddressPatternKind.Address, "ann@example.org")]
    public void Reads_all_kinds(string text, AddressPatternKind kind, string value)
    {
        Assert.True(AddressPattern.TryParse(text, out var pattern));
        Assert.Equal((kind, value), (pattern.Kind, pattern.Text));
        Assert.True(AddressPattern.TryParse(pattern.ToString(), out var again));
        Assert.Equal(pattern, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("*.example.org")]
    [InlineData(".[192.0.2.1]")]
    [InlineData("@example.org")]
    [InlineData("ann@")]
    public void Refuses_everything_else(string text) => Assert.False(AddressPattern.TryParse(text, out _));
}
