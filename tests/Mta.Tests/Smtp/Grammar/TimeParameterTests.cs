using CsCheck;
using MailSuite.Mta.Smtp.Grammar;

namespace MailSuite.Mta.Tests.Smtp.Grammar;

/// <summary>BY, HOLDFOR, HOLDUNTIL and MT-PRIORITY.</summary>
public sealed class TimeParameterTests
{
    [Theory]
    [InlineData("120;R", 120, true, false)]
    [InlineData("+1;rt", 1, true, true)]
    [InlineData("0;N", 0, false, false)]
    [InlineData("-999999999;NT", -999_999_999, false, true)]
    [InlineData("999999999;R", 999_999_999, true, false)]
    [InlineData("007;n", 7, false, false)]
    public void Reads_BY(string text, int seconds, bool returns, bool traces)
    {
        Assert.True(DeliverByParameter.TryParse(text, out var by));
        Assert.Equal(new DeliverByParameter(seconds, returns, traces), by);
    }

    [Theory]
    [InlineData("")]
    [InlineData("120")]
    [InlineData("120;")]
    [InlineData(";R")]
    [InlineData("-;N")]
    [InlineData("--1;N")]
    [InlineData("1.5;N")]
    [InlineData("1 ;N")]
    [InlineData("1234567890;N")]
    [InlineData("0;R")]
    [InlineData("-1;R")]
    [InlineData("1;X")]
    [InlineData("1;RN")]
    [InlineData("1;TR")]
    [InlineData("1;RTT")]
    [InlineData("1;R;T")]
    public void Refuses_another_BY(string text) => Assert.False(DeliverByParameter.TryParse(text, out _));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("999999999", 999_999_999)]
    public void Reads_HOLDFOR(string text, int seconds)
    {
        Assert.True(FutureReleaseParameters.TryParseInterval(text, out var interval));
        Assert.Equal(TimeSpan.FromSeconds(seconds), interval);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1000000000")]
    [InlineData("1h")]
    public void Refuses_another_HOLDFOR(string text) => Assert.False(FutureReleaseParameters.TryParseInterval(text, out _));

    [Theory]
    [InlineData("2026-12-24T18:00:00Z", "2026-12-24T18:00:00.000Z")]
    [InlineData("2026-12-24t18:00:00z", "2026-12-24T18:00:00.000Z")]
    [InlineData("2026-12-24T18:00:00.25Z", "2026-12-24T18:00:00.250Z")]
    [InlineData("2026-12-24T18:00:00+01:30", "2026-12-24T16:30:00.000Z")]
    [InlineData("2026-12-24T18:00:00.123456789-00:00", "2026-12-24T18:00:00.123Z")]
    [InlineData("2028-02-29T00:00:00-23:59", "2028-02-29T23:59:00.000Z")]
    public void Reads_HOLDUNTIL(string text, string expected)
    {
        Assert.True(FutureReleaseParameters.TryParseInstant(text, out var instant));
        Assert.Equal(expected, instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-12-24")]
    [InlineData("2026-12-24T18:00:00")]
    [InlineData("2026-12-24 18:00:00Z")]
    [InlineData("2026-12-24T18:00:00.Z")]
    [InlineData("2026-12-24T18:00:00.5")]
    [InlineData("2026-12-24T18:00Z")]
    [InlineData("2026-13-24T18:00:00Z")]
    [InlineData("2027-02-29T18:00:00Z")]
    [InlineData("2026-12-24T24:00:00Z")]
    [InlineData("2026-12-24T18:00:60Z")]
    [InlineData("2026-12-24T18:00:00+0100")]
    [InlineData("2026-12-24T18:00:00+24:00")]
    [InlineData("2026-12-24T18:00:00+01:60")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("2026-12-24T18:00:00ZZ")]
    [InlineData("2026-12-24T18:00:00.12345678901234567890Z")]
    public void Refuses_another_HOLDUNTIL(string text) => Assert.False(FutureReleaseParameters.TryParseInstant(text, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("9", 9)]
    [InlineData("-9", -9)]
    public void Reads_MT_PRIORITY(string text, int expected)
    {
        Assert.True(PriorityParameter.TryParse(text, out var priority));
        Assert.Equal(expected, priority);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("10")]
    [InlineData("-10")]
    [InlineData("01")]
    [InlineData("x")]
    public void Refuses_another_MT_PRIORITY(string text) => Assert.False(PriorityParameter.TryParse(text, out _));

    [Fact]
    public void Never_throws() => Gen.OneOf(
        Gen.String[0, 40],
        Gen.Select(Gen.OneOf(Gen.Const("2026-12-24T18:00:00"), Gen.Const("1;"), Gen.Const("-")), Gen.Char[' ', '~'].Array[0, 8], (start, rest) => start + new string(rest))).Sample(text =>
    {
        _ = DeliverByParameter.TryParse(text, out _);
        _ = FutureReleaseParameters.TryParseInterval(text, out _);
        _ = FutureReleaseParameters.TryParseInstant(text, out _);
        _ = PriorityParameter.TryParse(text, out _);
    });
}
