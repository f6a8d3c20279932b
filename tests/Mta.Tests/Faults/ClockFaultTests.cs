using MailSuite.Mta.Tests.Queue;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Faults;

/// <summary>The clock of the machine goes wrong by days without anybody saying so, while mail waits.</summary>
public sealed class ClockFaultTests
{
    [Theory]
    [InlineData(-3)]
    [InlineData(-300)]
    public async Task What_was_put_off_before_the_clock_went_back_is_tried_within_the_longest_wait_of_the_schedule(int days)
    {
        var clock = new JumpingClock();
        var isDown = true;
        await using var peer = new SmtpPeer { OnCommand = line => isDown && line.StartsWith("MAIL", StringComparison.Ordinal) ? "451 4.3.2 not now" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, clock: clock, change: options => options with { Relay = options.Relay with { DelayWarning = TimeSpan.Zero } });
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "State = 0 AND Attempts = 1") == 1);

        clock.Jump = TimeSpan.FromDays(days);
        isDown = false;
        await PassAsync(scene, TimeSpan.FromHours(6));

        await scene.EmptyAsync();
        Assert.Equal(["bob"], Taken(peer));
    }

    /// <summary>What was read from disk as due is not due any more when its turn comes, and its place in the order of due times has been passed.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(30 * 60)]
    public async Task What_was_due_when_the_clock_went_back_is_tried_when_its_time_comes_again(int seconds)
    {
        var clock = new JumpingClock();
        using var asked = new ManualResetEventSlim();
        using var answers = new ManualResetEventSlim();
        await using var peer = new SmtpPeer
        {
            OnCommand = line =>
            {
                if (line.StartsWith("MAIL", StringComparison.Ordinal))
                {
                    asked.Set();
                    answers.Wait(TestContext.Current.CancellationToken);
                }

                return null;
            },
        };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, clock: clock, change: options => options with { Relay = options.Relay with { MaxConcurrent = 1 } }, runQueue: false);
        scene.Host("there.test");
        scene.Host("other.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.SendAsync("ann@here.test", ["carl@other.test"]);
        // As a start finds them: on disk.
        while (scene.Arrivals.TryTake(out var arrival))
            scene.Arrivals.Release(arrival.Message);
        await scene.RunQueueAsync();
        await RelayScene.UntilAsync(() => asked.IsSet);

        clock.Jump = TimeSpan.FromSeconds(-seconds);
        answers.Set();
        await RelayScene.UntilAsync(() => scene.Count("Messages") == 1);
        await PassAsync(scene, TimeSpan.FromSeconds(seconds) + TimeSpan.FromMinutes(2));
        await scene.EmptyAsync();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-300)]
    public async Task A_clock_that_is_wrong_for_a_while_returns_no_mail(int days)
    {
        var clock = new JumpingClock();
        var isDown = true;
        await using var peer = new SmtpPeer { OnCommand = line => isDown && line.StartsWith("MAIL", StringComparison.Ordinal) ? "451 4.3.2 not now" : null };
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, clock: clock, change: options => options with { Relay = options.Relay with { DelayWarning = TimeSpan.Zero } });
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await RelayScene.UntilAsync(() => scene.Count("Recipients", "State = 0 AND Attempts = 1") == 1);

        clock.Jump = TimeSpan.FromDays(days);
        // Long enough for the queue to look for what is put off too far.
        await PassAsync(scene, TimeSpan.FromHours(6));
        clock.Jump = TimeSpan.Zero;
        await PassAsync(scene, TimeSpan.FromHours(1));
        Assert.Empty(scene.Mda.Stored);

        isDown = false;
        await PassAsync(scene, TimeSpan.FromHours(6));
        await scene.EmptyAsync();
        Assert.Equal(["bob"], Taken(peer));
    }

    /// <summary>Who got a message. An empty one is how a client leaves a transaction that was refused at MAIL (RFC 2920 §3.1).</summary>
    private static IEnumerable<string> Taken(SmtpPeer peer) => peer.Messages.Where(message => message.Octets.Length > 0)
        .Select(message => message.Rcpts[0].Split('<', '@')[1]).Order(StringComparer.Ordinal);

    /// <summary>Lets time go on in steps, in each of which the queue does what is due.</summary>
    private static async Task PassAsync(RelayScene scene, TimeSpan time)
    {
        var step = TimeSpan.FromMinutes(1) < time / 30 ? time / 30 : TimeSpan.FromMinutes(1);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            scene.Clock.Advance(step);
            for (var i = 0; i < 4; i++)
                await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A clock whose time of day can be set back, which the library's cannot; its timers go on, as those of a machine do.</summary>
    private sealed class JumpingClock() : FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero))
    {
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;

        // What is measured does not jump; the library derives it from the time of day.
        public override long GetTimestamp() => base.GetTimestamp() - Jump.Ticks;
    }
}
