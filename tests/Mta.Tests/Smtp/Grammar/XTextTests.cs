using CsCheck;
using MailSuite.Mta.Smtp.Grammar;

namespace MailSuite.Mta.Tests.Smtp.Grammar;

public sealed class XTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("QQ314159", "QQ314159")]
    [InlineData("a+2Bb+3Dc", "a+b=c")]
    [InlineData("dan+20\"x\"@example.org", "dan \"x\"@example.org")]
    [InlineData("d+C3+B6r", "dör")]
    [InlineData("+00+0A", "\0\n")]
    public void Reads_and_writes(string text, string meaning)
    {
        Assert.True(XText.TryDecode(text, out var decoded));
        Assert.Equal(meaning, decoded);
        Assert.Equal(text, XText.Encode(meaning));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a=b")]
    [InlineData("a+")]
    [InlineData("a+2")]
    [InlineData("a+2b")]
    [InlineData("a+GG")]
    [InlineData("dör")]
    [InlineData("\u007f")]
    [InlineData("+C3")]
    [InlineData("+FF+FE")]
    public void Refuses(string text) => Assert.False(XText.TryDecode(text, out _));

    [Fact]
    public void Never_throws_and_returns_what_it_wrote() => Gen.String[0, 60].Sample(text =>
    {
        if (XText.TryDecode(text, out var decoded))
        {
            Assert.True(XText.TryDecode(XText.Encode(decoded), out var again));
            Assert.Equal(decoded, again);
        }

        // A lone surrogate has no UTF-8 and becomes U+FFFD.
        Assert.True(XText.TryDecode(XText.Encode(text), out _));
    });
}
