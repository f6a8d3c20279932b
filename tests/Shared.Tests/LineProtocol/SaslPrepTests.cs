using CsCheck;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Shared.Tests.LineProtocol;

public sealed class SaslPrepTests
{
    [Theory]
    // RFC 4013 §3.
    [InlineData("I\u00ADX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("\u0007", null)]
    [InlineData("\u0627\u0031", null)]
    // RFC 4013 §2.1 to §2.4.
    [InlineData("a\u00A0b\u3000c", "a b c")]
    [InlineData("a\u200Db", "ab")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("é\u007F", null)]
    [InlineData("é\u0085", null)]
    [InlineData("\uE000", null)]
    [InlineData("\uFFFD", null)]
    [InlineData("\uD834\uDD73", null)]
    [InlineData("\u2028", null)]
    [InlineData("\u06DD", null)]
    [InlineData("\uD800", null)]
    [InlineData("\u0627\u0628", "\u0627\u0628")]
    [InlineData("\u0627\u0031\u0628", "\u0627\u0031\u0628")]
    [InlineData("\u0627a\u0628", null)]
    [InlineData("a\u0627", null)]
    // Younger than Unicode 3.2: let through.
    [InlineData("\uD83D\uDE00", "\uD83D\uDE00")]
    [InlineData("", "")]
    public void Prepares_as_the_RFC_says(string text, string? prepared)
    {
        Assert.Equal(prepared is not null, SaslPrep.TryPrepare(text, out var result));
        Assert.Equal(prepared, result);
    }

    [Fact]
    public void Never_throws_and_what_is_prepared_stays_so() => Gen.String.Sample(text =>
    {
        if (SaslPrep.TryPrepare(text, out var once))
        {
            Assert.True(SaslPrep.TryPrepare(once, out var twice));
            Assert.Equal(once, twice);
        }
    });
}
