using MailSuite.Mta.Queue;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Tests.Queue;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RetrySchedule _schedule = new(new RelayOptions());

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(7, 240)]
    [InlineData(50, 240)]
    public void Waits_longer_each_time_with_a_little_chance(int attempts, int minutes)
    {
        for (var i = 0; i < 100; i++)
        {
            var wait = _schedule.Next(attempts, Start, Start) - Start;
            Assert.InRange(wait, TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(minutes * 1.1));
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(100, 10)]
    public void Lets_chance_add_as_much_as_it_is_told(int percent, int longest)
    {
        var schedule = new RetrySchedule(new RelayOptions { RetryJitter = percent });
        var waits = Enumerable.Range(0, 1000).Select(_ => (schedule.Next(1, Start, Start) - Start).TotalMinutes).ToList();
        Assert.InRange(waits.Min(), 5, 5.2);
        Assert.InRange(waits.Max(), longest - 0.2, longest);
    }

    [Fact]
    public void Makes_the_last_attempt_at_the_end_of_the_lifetime()
    {
        var late = Start + TimeSpan.FromDays(4.9);
        Assert.Equal(Start + TimeSpan.FromDays(5), _schedule.Next(20, Start, late));
        Assert.False(_schedule.IsOver(Start, late));
        Assert.True(_schedule.IsOver(Start, Start + TimeSpan.FromDays(5)));
    }

    [Fact]
    public void Tries_once_more_at_the_end_when_there_is_no_schedule() =>
        Assert.Equal(Start + TimeSpan.FromDays(5), new RetrySchedule(new RelayOptions { RetryDelays = [] }).Next(1, Start, Start));
}
