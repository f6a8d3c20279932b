using System.Net;
using MailSuite.Mda.Accounts;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mda.Tests.Accounts;

public sealed class SignInThrottleTests
{
    private const string Ann = "ann@example.org";

    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _clock = new();
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waits_longer_and_longer_and_then_checks_no_more_until_the_window_is_over()
    {
        List<double> waits = [];
        for (var i = 0; i < SignInThrottle.MaxOfPair; i++)
            waits.Add(await TryAsync(Ann, Home));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5], waits);

        var refused = _throttle.Begin(Ann, Home);
        Assert.False(await refused.HoldAsync(Cancellation));
        Assert.InRange(refused.Wait, TimeSpan.FromMinutes(9), SignInThrottle.Window);

        // Another account from the same place, and the same account from another place, are free.
        Assert.Equal(0, await TryAsync("ben@example.org", Home));
        Assert.Equal(0, await TryAsync(Ann, IPAddress.Parse("192.0.2.2")));

        _clock.Advance(refused.Wait - TimeSpan.FromTicks(1));
        Assert.False(await _throttle.Begin(Ann, Home).HoldAsync(Cancellation));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(0, await TryAsync(Ann, Home));
    }

    [Fact]
    public async Task Is_held_by_the_clock_and_by_nothing_else()
    {
        for (var i = 0; i < SignInThrottle.FreeOfPair; i++)
            await TryAsync(Ann, Home);
        var holding = _throttle.Begin(Ann, Home).HoldAsync(Cancellation).AsTask();
        Assert.False(holding.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.False(holding.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(await holding);
    }

    [Fact]
    public async Task A_success_forgets_the_failures()
    {
        for (var i = 0; i < SignInThrottle.MaxOfPair - 1; i++)
            await TryAsync(Ann, Home);
        await TryAsync(Ann, Home, succeed: true);
        Assert.Equal(0, await TryAsync(Ann, Home));
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8")]
    public async Task Stops_a_network_that_tries_many_accounts(string client, string same, string other)
    {
        for (var i = 0; i < SignInThrottle.MaxOfNetwork - 1; i++)
            await TryAsync($"a{i}@example.org", IPAddress.Parse(client));
        Assert.Equal(0, await TryAsync("last@example.org", IPAddress.Parse(client)));

        Assert.False(await _throttle.Begin("new@example.org", IPAddress.Parse(same)).HoldAsync(Cancellation));
        Assert.Equal(0, await TryAsync("new@example.org", IPAddress.Parse(other)));
    }

    [Fact]
    public async Task Slows_strangers_for_an_account_that_is_guessed_from_everywhere_and_never_stops_them()
    {
        for (var i = 0; i < SignInThrottle.FreeOfAccount; i++)
            Assert.Equal(0, await TryAsync(Ann, new IPAddress([10, 0, 0, (byte)i])));
        for (var i = 0; i < 100; i++)
            Assert.InRange(await TryAsync(Ann, new IPAddress([10, 0, 1, (byte)i])), 1, 5);
    }

    [Fact]
    public async Task Never_locks_out_who_has_signed_in_lately()
    {
        await TryAsync(Ann, Home, succeed: true);
        for (var i = 0; i < SignInThrottle.MaxOfNetwork; i++)
            await TryAsync($"a{i}@example.org", Home);
        for (var i = 0; i < 50; i++)
            await TryAsync(Ann, new IPAddress([10, 0, 0, (byte)i]));

        // The network is stopped, the account is under attack: Ann at home notices nothing.
        Assert.False(await _throttle.Begin("ben@example.org", Home).HoldAsync(Cancellation));
        Assert.Equal(0, await TryAsync(Ann, Home));

        // Her own mistakes make her wait, some seconds at most.
        for (var i = 0; i < 100; i++)
            Assert.InRange(await TryAsync(Ann, Home), 0, 5);

        _clock.Advance(SignInThrottle.KnownFor);
        for (var i = 0; i < SignInThrottle.MaxOfPair; i++)
            await TryAsync(Ann, Home);
        Assert.False(await _throttle.Begin(Ann, Home).HoldAsync(Cancellation));
    }

    [Fact]
    public async Task Lets_only_so_many_wait_at_once_for_one_account_and_for_all()
    {
        for (var i = 0; i < SignInThrottle.FreeOfAccount; i++)
            await TryAsync(Ann, new IPAddress([10, 0, 0, (byte)i]));
        var waiting = Enumerable.Range(0, SignInThrottle.MaxWaitingOfAccount).Select(i => _throttle.Begin(Ann, new IPAddress([10, 0, 1, (byte)i])).HoldAsync(Cancellation).AsTask()).ToList();
        Assert.All(waiting, held => Assert.False(held.IsCompleted));
        var excess = _throttle.Begin(Ann, new IPAddress([10, 0, 2, 1]));
        Assert.False(await excess.HoldAsync(Cancellation));
        Assert.Equal(SignInThrottle.MaxHold, excess.Wait);

        for (var account = 0; _throttle.Begin($"a{account}@example.org", new IPAddress([10, 1, (byte)(account >> 8), (byte)account])) is var attempt && waiting.Count < SignInThrottle.MaxWaiting; account++)
        {
            await attempt.HoldAsync(Cancellation);
            for (var i = 1; i < SignInThrottle.FreeOfPair; i++)
                await _throttle.Begin($"a{account}@example.org", new IPAddress([10, 1, (byte)(account >> 8), (byte)account])).HoldAsync(Cancellation);
            waiting.Add(_throttle.Begin($"a{account}@example.org", new IPAddress([10, 1, (byte)(account >> 8), (byte)account])).HoldAsync(Cancellation).AsTask());
        }

        Assert.All(waiting, held => Assert.False(held.IsCompleted));
        Assert.False(await _throttle.Begin("a0@example.org", new IPAddress([10, 1, 0, 0])).HoldAsync(Cancellation));
        _clock.Advance(SignInThrottle.MaxHold);
        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.Equal(5, await TryAsync(Ann, new IPAddress([10, 0, 2, 2])));
    }

    [Fact]
    public async Task Many_at_once_gain_nothing()
    {
        var attempts = Enumerable.Range(0, 50).Select(_ => _throttle.Begin(Ann, Home)).ToList();
        var free = 0;
        foreach (var attempt in attempts)
            free += attempt.Wait == TimeSpan.Zero && await attempt.HoldAsync(Cancellation) ? 1 : 0;
        Assert.Equal(SignInThrottle.FreeOfPair, free);
    }

    [Fact]
    public void Counts_nothing_that_could_not_be_checked()
    {
        for (var i = 0; i < 100; i++)
        {
            var attempt = _throttle.Begin(Ann, Home);
            Assert.Equal(TimeSpan.Zero, attempt.Wait);
            attempt.TakeBack();
        }
    }

    [Fact]
    public void Remembers_so_many_and_lets_go_of_those_not_used_for_longest()
    {
        var recent = new RecentEntries<int, string>(2);
        recent.Set(1, "a");
        recent.Set(2, "b");
        Assert.True(recent.TryGet(1, out _));
        recent.Set(3, "c");
        Assert.Equal(2, recent.Count);
        Assert.False(recent.TryGet(2, out _));
        Assert.True(recent.TryGet(1, out var kept));
        Assert.Equal("a", kept);
    }

    /// <summary>Tries once, moving the clock as long as it has to wait.</summary>
    /// <returns>The seconds of it.</returns>
    private async Task<double> TryAsync(string account, IPAddress client, bool succeed = false)
    {
        var attempt = _throttle.Begin(account, client);
        var holding = attempt.HoldAsync(Cancellation).AsTask();
        _clock.Advance(attempt.Wait);
        Assert.True(await holding);
        if (succeed)
            attempt.Succeed();
        return attempt.Wait.TotalSeconds;
    }
}
