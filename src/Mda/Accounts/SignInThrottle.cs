using System.Net;

namespace MailSuite.Mda.Accounts;

/// <summary>Makes guessing passwords slow, for all protocols together: by account and network, by network, and by account (README, "Guessing").</summary>
/// <remarks>
/// An attempt counts as failed when it begins, so that many at once gain nothing; what succeeds is taken back. Who has signed in lately is
/// not touched by what others do. Nothing here holds a processor: who has to wait waits on the clock, and only so many do.
/// </remarks>
internal sealed class SignInThrottle(TimeProvider clock)
{
    /// <summary>
    /// Failures of one account from one network after which the next has to wait, and from which it is not checked any more. A mail program
    /// with a wrong password fails by each mechanism in turn, four times.
    /// </summary>
    internal const int FreeOfPair = 8;
    internal const int MaxOfPair = 20;

    /// <summary>Failures from one network, whatever the account, from which nothing is checked any more.</summary>
    internal const int MaxOfNetwork = 40;

    /// <summary>Failures of one account from anywhere after which strangers have to wait. Never more than that, or anybody could lock anybody out.</summary>
    internal const int FreeOfAccount = 40;

    /// <summary>Attempts that wait at once, of one account and of all; those beyond it are not checked.</summary>
    internal const int MaxWaitingOfAccount = 10;
    internal const int MaxWaiting = 200;

    /// <summary>Entries that each of the memories holds; the ones not used for longest go first.</summary>
    internal const int MaxRemembered = 20_000;

    /// <summary>How long failures count, from the first of them on.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>How long a network is known to an account after it has signed in from there.</summary>
    internal static readonly TimeSpan KnownFor = TimeSpan.FromDays(30);

    internal static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly RecentEntries<(string Account, ClientNetwork Network), Failures> _pairs = new(MaxRemembered);
    private readonly RecentEntries<ClientNetwork, Failures> _networks = new(MaxRemembered);
    private readonly RecentEntries<string, Failures> _accounts = new(MaxRemembered);
    private readonly RecentEntries<(string Account, ClientNetwork Network), DateTimeOffset> _known = new(MaxRemembered);
    private readonly Dictionary<string, int> _waiting = new(StringComparer.Ordinal);
    private int _allWaiting;

    /// <summary>Begins an attempt; it is to be held before anything is checked.</summary>
    /// <param name="account">The name as it is compared.</param>
    internal Attempt Begin(string account, IPAddress? client)
    {
        const int MaxName = 320;
        var name = account.Length > MaxName ? account[..MaxName] : account;
        var network = ClientNetwork.Of(client);
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var isKnown = _known.TryGet((name, network), out var until) && until > now;
            var pair = _pairs.TryGet((name, network), out var ofPair) ? ofPair.At(now) : default;
            var alone = _networks.TryGet(network, out var ofNetwork) ? ofNetwork.At(now) : default;
            var all = _accounts.TryGet(name, out var ofAccount) ? ofAccount.At(now) : default;

            if (!isKnown && pair.Number >= MaxOfPair)
                return new Attempt(this, clock, name, network, pair.Until - now, mayTry: false);
            if (!isKnown && alone.Number >= MaxOfNetwork)
                return new Attempt(this, clock, name, network, alone.Until - now, mayTry: false);

            var hold = HoldAfter(pair.Number - FreeOfPair);
            if (!isKnown && HoldAfter(all.Number - FreeOfAccount) is var longer && longer > hold)
                hold = longer;
            if (hold > TimeSpan.Zero && !TryWait(name))
                return new Attempt(this, clock, name, network, MaxHold, mayTry: false);

            _pairs.Set((name, network), pair.OneMore(now));
            _networks.Set(network, alone.OneMore(now));
            _accounts.Set(name, all.OneMore(now));
            return new Attempt(this, clock, name, network, hold, mayTry: true);
        }
    }

    /// <summary>1, 2, 4, 5, 5 … seconds.</summary>
    private static TimeSpan HoldAfter(int failures) =>
        failures < 0 ? TimeSpan.Zero : failures >= 3 ? MaxHold : TimeSpan.FromSeconds(1 << failures);

    private bool TryWait(string account)
    {
        var waiting = _waiting.GetValueOrDefault(account);
        if (waiting >= MaxWaitingOfAccount || _allWaiting >= MaxWaiting)
            return false;

        _waiting[account] = waiting + 1;
        _allWaiting++;
        return true;
    }

    private void EndWait(string account)
    {
        lock (_gate)
        {
            _allWaiting--;
            if (_waiting[account]-- == 1)
                _waiting.Remove(account);
        }
    }

    private void TakeBack(string account, ClientNetwork network, bool succeeded)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_networks.TryGet(network, out var alone))
                _networks.Set(network, alone.At(now).OneLess());
            if (_accounts.TryGet(account, out var all))
                _accounts.Set(account, all.At(now).OneLess());

            if (succeeded)
            {
                _pairs.Remove((account, network));
                _known.Set((account, network), now + KnownFor);
            }
            else if (_pairs.TryGet((account, network), out var pair))
            {
                _pairs.Set((account, network), pair.At(now).OneLess());
            }
        }
    }

    /// <summary>One sign-in that is being tried.</summary>
    internal sealed class Attempt(SignInThrottle throttle, TimeProvider clock, string account, ClientNetwork network, TimeSpan wait, bool mayTry)
    {
        /// <summary>How long it is held; where it is not checked, when the next one will be.</summary>
        internal TimeSpan Wait => wait;

        /// <summary>Waits as long as the failures before it ask for.</summary>
        /// <returns>Whether it may be checked.</returns>
        internal async ValueTask<bool> HoldAsync(CancellationToken cancellationToken)
        {
            if (!mayTry || wait == TimeSpan.Zero)
                return mayTry;

            try
            {
                await Task.Delay(wait, clock, cancellationToken);
                return true;
            }
            finally
            {
                throttle.EndWait(account);
            }
        }

        internal void Succeed() => throttle.TakeBack(account, network, succeeded: true);

        /// <summary>It could not be checked, and counts for nothing.</summary>
        internal void TakeBack() => throttle.TakeBack(account, network, succeeded: false);
    }

    private TimeProvider _clock => clock;

    private readonly record struct Failures(int Number, DateTimeOffset Until)
    {
        internal Failures At(DateTimeOffset now) => Until > now ? this : default;

        internal Failures OneMore(DateTimeOffset now) => Number == 0 ? new Failures(1, now + Window) : this with { Number = Number + 1 };

        internal Failures OneLess() => this with { Number = Math.Max(0, Number - 1) };
    }
}
