using MailSuite.Mta.Queue;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>The queue when the clock is put ahead and goes back. What is due never comes in a storm, and nothing is stuck.</summary>
public sealed class ClockTests : IAsyncDisposable
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    private readonly ShiftableTime _clock = new();
    private RelayScene? _scene;

    public async ValueTask DisposeAsync()
    {
        if (_scene is not null)
            await _scene.DisposeAsync();
    }

    [Fact]
    public async Task What_waits_is_tried_at_once_when_its_time_has_come_by_a_shift()
    {
        var scene = await StartAsync();
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.SeeAsync(JourneyStep.Deferred);
        Assert.Equal(1, scene.Count("Recipients", "Attempts = 1"));

        _clock.Shift = TimeSpan.FromHours(1);
        await scene.MoveClockAsync(isBack: false);
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "Attempts = 2") == 1);
    }

    [Fact]
    public async Task What_was_put_off_on_a_shifted_clock_waits_no_longer_than_the_schedule_when_it_goes_back()
    {
        var scene = await StartAsync();
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.SeeAsync(JourneyStep.Deferred);
        _clock.Shift = TimeSpan.FromDays(3);
        await scene.MoveClockAsync(isBack: false);
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "Attempts = 2") == 1);
        // The report of the delay has come.
        await RelayScene.UntilAsync(() => scene.Mda.Stored.Count == 1 && scene.Count("Messages") == 1);
        Assert.Equal(1, scene.Count("Recipients", $"NextAttemptAt > {In(TimeSpan.Zero)}"));

        _clock.Shift = TimeSpan.Zero;
        await scene.MoveClockAsync(isBack: true);
        Assert.Equal(1, scene.Count("Recipients", $"State = 0 AND Attempts = 2 AND NextAttemptAt >= {In(TimeSpan.FromMinutes(-1))} AND NextAttemptAt <= {In(TimeSpan.FromHours(6))}"));
    }

    [Fact]
    public async Task A_message_accepted_on_a_shifted_clock_keeps_its_age_and_its_waits_when_it_goes_back()
    {
        var scene = await StartAsync();
        _clock.Shift = Ahead;
        await scene.MoveClockAsync(isBack: false);
        await scene.SendAsync("ann@here.test", ["bob@there.test", "carl@there.test"]);
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "Attempts = 1") == 2);

        _clock.Shift = TimeSpan.Zero;
        await scene.MoveClockAsync(isBack: true);
        Assert.Equal(1, scene.Count("Messages", $"AcceptedAt <= {In(TimeSpan.Zero)}"));
        // The first wait is 5 minutes and up to a tenth more.
        Assert.Equal(2, scene.Count("Recipients", $"NextAttemptAt > {In(TimeSpan.FromMinutes(4))} AND NextAttemptAt < {In(TimeSpan.FromMinutes(6))}"));
    }

    [Fact]
    public async Task What_its_sender_has_held_stays_held_when_the_clock_goes_back()
    {
        var scene = await StartAsync();
        var release = _clock.GetUtcNow() + TimeSpan.FromDays(20);
        var message = RelayScene.Message(_clock, "ann@here.test", ["bob@there.test"]);
        await scene.Spool.AcceptAsync(message with { Requests = message.Requests with { Hold = new(release, "HOLDUNTIL") } }, TestContext.Current.CancellationToken);

        await scene.MoveClockAsync(isBack: true);
        Assert.Equal(1, scene.Count("Recipients", $"NextAttemptAt = {release.ToUnixTimeMilliseconds()}"));
    }

    [Fact]
    public async Task A_start_brings_back_what_a_crash_in_the_middle_of_going_back_has_left()
    {
        var scene = await StartAsync(runQueue: false);
        _clock.Shift = Ahead;
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        _clock.Shift = TimeSpan.Zero;
        Assert.Equal(1, scene.Count("Recipients", $"NextAttemptAt > {In(TimeSpan.FromDays(29))}"));

        await scene.RunQueueAsync();
        await scene.SeeAsync(JourneyStep.Deferred);
    }

    private async Task<RelayScene> StartAsync(bool runQueue = true)
    {
        // Nobody listens there, and the DNS knows the host.
        _scene = await RelayScene.StartAsync(port: 1, runQueue: runQueue, clock: _clock);
        _scene.Host("there.test");
        return _scene;
    }

    private long In(TimeSpan wait) => (_clock.GetUtcNow() + wait).ToUnixTimeMilliseconds();

    /// <summary>A fake clock that can go back, which the library's cannot; it counts from its own instant.</summary>
    private sealed class ShiftableTime() : FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero))
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
