using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Accounts;

/// <summary>What each account has sent, by the hour, over 24 hours: counted in memory, kept in the store behind the mail.</summary>
/// <remarks>
/// Writing each count before its 250 would cost every submission a sync. So the counts of half a minute can be lost with a killed
/// process; a restart loses nothing, and an abuser causes neither.
/// </remarks>
internal sealed partial class SentMailCounts(MailStore store, TimeProvider clock, ILogger<SentMailCounts> logger) : BackgroundService
{
    internal const int Hours = 24;

    /// <summary>Accounts that are remembered; those above it are read from the store again.</summary>
    internal const int MaxRemembered = 20_000;

    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly RecentEntries<AccountId, Counts> _counts = new(MaxRemembered);
    private readonly Dictionary<(AccountId Account, long Hour), SentMail> _unsaved = [];

    /// <exception cref="StoreFault">The store cannot be read.</exception>
    internal async ValueTask<SentMail> OfLastDayAsync(AccountId account, CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(account, cancellationToken);
        lock (_gate)
            return Remember(account, loaded).Sum(Hour());
    }

    /// <summary>Counts one message, unless it would be more than the limit.</summary>
    /// <exception cref="StoreFault">The store cannot be read.</exception>
    internal async ValueTask<bool> TryAddAsync(AccountId account, int recipients, SentMail limit, CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(account, cancellationToken);
        lock (_gate)
        {
            var hour = Hour();
            var counts = Remember(account, loaded);
            var sum = counts.Sum(hour);
            if (sum.Messages + 1 > limit.Messages || sum.Recipients + recipients > limit.Recipients)
                return false;

            counts.Add(hour, 1, recipients);
            var unsaved = _unsaved.GetValueOrDefault((account, hour));
            _unsaved[(account, hour)] = new SentMail(unsaved.Messages + 1, unsaved.Recipients + recipients);
            return true;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await SaveAsync();
    }

    /// <summary>Adds what was counted since the last time to the rows of the store.</summary>
    private async Task SaveAsync()
    {
        List<KeyValuePair<(AccountId Account, long Hour), SentMail>> unsaved;
        lock (_gate)
            unsaved = [.. _unsaved];
        if (unsaved.Count == 0)
            return;

        try
        {
            var oldest = Hour() - Hours;
            await store.WriteAsync(turn => SentMailStatements.Add(turn, unsaved, oldest), takesSpace: false, CancellationToken.None);
        }
        catch (StoreFault fault)
        {
            LogPutOff(logger, fault);
            return;
        }

        // Only now: an account that was let go of meanwhile reads the rows and adds what is here.
        lock (_gate)
        {
            foreach (var (key, saved) in unsaved)
            {
                var now = _unsaved[key];
                if (now == saved)
                    _unsaved.Remove(key);
                else
                    _unsaved[key] = new SentMail(now.Messages - saved.Messages, now.Recipients - saved.Recipients);
            }
        }
    }

    private async ValueTask<IReadOnlyList<(long Hour, SentMail Sent)>> LoadAsync(AccountId account, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_counts.TryGet(account, out _))
                return [];
        }

        return await store.ReadAsync((account, Hour() - Hours), SentMailStatements.Read, cancellationToken);
    }

    private Counts Remember(AccountId account, IReadOnlyList<(long Hour, SentMail Sent)> loaded)
    {
        if (_counts.TryGet(account, out var known))
            return known;

        var counts = new Counts();
        foreach (var (hour, sent) in loaded.Concat(_unsaved.Where(entry => entry.Key.Account == account).Select(entry => (entry.Key.Hour, entry.Value))))
            counts.Add(hour, sent.Messages, sent.Recipients);
        _counts.Set(account, counts);
        return counts;
    }

    private long Hour() => clock.GetUtcNow().ToUnixTimeSeconds() / 3600;

    [LoggerMessage(Level = LogLevel.Warning, Message = "What accounts have sent cannot be written down now; it is kept in memory.")]
    private static partial void LogPutOff(ILogger logger, Exception exception);

    /// <summary>The hours of one account. An hour counts for 24 hours after its end, so that the limit holds over any 24 hours.</summary>
    private sealed class Counts
    {
        private readonly Dictionary<long, SentMail> _hours = [];

        internal SentMail Sum(long now)
        {
            // An hour still to come was counted on a clock that has gone back since; the one that begins now is no such.
            foreach (var old in _hours.Keys.Where(hour => hour < now - Hours || hour > now + 1).ToList())
                _hours.Remove(old);
            return new SentMail(_hours.Values.Sum(sent => sent.Messages), _hours.Values.Sum(sent => sent.Recipients));
        }

        internal void Add(long hour, long messages, long recipients)
        {
            var sent = _hours.GetValueOrDefault(hour);
            _hours[hour] = new SentMail(sent.Messages + messages, sent.Recipients + recipients);
        }
    }
}
