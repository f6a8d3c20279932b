using MailSuite.Shared.Clock;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Shared.Tests.Clock;

public sealed class ShiftedClockTests
{
    private readonly FakeTimeProvider _wall = new(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Tells_the_time_on_the_wall_until_it_is_put_ahead_and_again_afterwards()
    {
        var clock = new ShiftedClock(_wall);
        Assert.Equal(_wall.GetUtcNow(), clock.GetUtcNow());
        clock.Shift = TimeSpan.FromHours(4);
        Assert.Equal(_wall.GetUtcNow().AddHours(4), clock.GetUtcNow());
        Assert.Equal(_wall.GetUtcNow(), clock.Real().GetUtcNow());
        clock.Shift = TimeSpan.Zero;
        Assert.Equal(_wall.GetUtcNow(), clock.GetUtcNow());
    }

    [Fact]
    public async Task Timers_and_what_is_measured_keep_their_length()
    {
        var clock = new ShiftedClock(_wall);
        var started = clock.GetTimestamp();
        var wait = Task.Delay(TimeSpan.FromMinutes(5), clock, TestContext.Current.CancellationToken);
        clock.Shift = TimeSpan.FromDays(5);
        Assert.False(wait.IsCompleted);
        Assert.Equal(TimeSpan.Zero, clock.GetElapsedTime(started));
        _wall.Advance(TimeSpan.FromMinutes(5));
        await wait;
        Assert.Equal(TimeSpan.FromMinutes(5), clock.GetElapsedTime(started));
    }

    [Fact]
    public void Any_other_clock_is_real() => Assert.Same(_wall, _wall.Real());

    [Theory]
    [InlineData("+4h", "04:00:00")]
    [InlineData("4 h", "04:00:00")]
    [InlineData("+5 d", "5.00:00:00")]
    [InlineData("1d 12h 30min 5s", "1.12:30:05")]
    [InlineData("90m", "01:30:00")]
    [InlineData("3650D", "3650.00:00:00")]
    public void Reads_how_far_a_clock_is_put_ahead(string text, string expected)
    {
        Assert.True(ClockText.TryParse(text, out var ahead));
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), ahead);
        Assert.True(ClockText.TryParse(ClockText.Of(ahead), out var again));
        Assert.Equal(ahead, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("-4h")]
    [InlineData("0h")]
    [InlineData("4")]
    [InlineData("h")]
    [InlineData("4 weeks")]
    [InlineData("4h and more")]
    [InlineData("99999999999999999999d")]
    [InlineData("2000000000d 2000000000d")]
    public void Refuses_what_says_no_time(string text) => Assert.False(ClockText.TryParse(text, out _));
}
