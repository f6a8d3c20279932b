using MailSuite.Mta.Spool;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Notices;

/// <summary>Posts what waits, each target by itself: one that is dead delays neither mail nor the others.</summary>
/// <remarks>
/// One post at a time to a target, in the order of the rows. It begins when every part of the program has started. Times are those of the clock on
/// the wall, however far the program's clock is ahead. Each row is deleted after its post: a crash between the two posts it again, with the same id.
/// </remarks>
internal sealed partial class NoticeDelivery(NoticeOutbox outbox, SpoolStore spool, TimeProvider clock, ILogger<NoticeDelivery> logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>Rows that were posted, deleted together while there is more to post: so many are posted again after a crash, at most.</summary>
    private const int MaxUndeleted = 50;

    /// <summary>Rows deleted in one write.</summary>
    private const int MaxRemoved = 1000;

    /// <summary>The longest pause of a target.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    /// <summary>The longest wait of a notice that has been put aside, and the longest that a target may ask for (Retry-After).</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(4);

    /// <summary>How long a line waits when the spool cannot be read or written.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _clock = clock.Real();
    private Task _lines = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _lines = Task.WhenAll(outbox.Lines.Select(line => Task.Run(() => RunAsync(line), CancellationToken.None)).Append(Task.Run(RemoveOrphansAsync, CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public Task StopAsync(CancellationToken cancellationToken) => _lines.WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(NoticeLine line)
    {
        using var client = new WebhookClient(line.Target, _clock);
        var work = new Work(line);
        foreach (var entry in line.PutAside)
            work.Aside.Enqueue(entry.Key, entry.NextAttemptAt);
        line.PutAside.Clear();
        try
        {
            while (!line.IsGone)
            {
                try
                {
                    await StepAsync(work, client);
                }
                catch (Exception e) when (!_stopping.IsCancellationRequested)
                {
                    LogFault(e, line.Target.Name);
                    await Task.Delay(FaultPause, _clock, _stopping.Token);
                }
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The program ends.
        }

        await RemoveAsync(line, work.Posted);
    }

    /// <summary>Posts the next notice, or waits until there is one.</summary>
    private async Task StepAsync(Work work, WebhookClient client)
    {
        var line = work.Line;
        if (line.PausedUntil is { } until)
        {
            await RemoveAsync(line, work.Posted);
            await DelayAsync(until);
            line.PausedUntil = null;
        }

        var now = _clock.GetUtcNow();
        if (work.Head is null && line.Keys.TryRead(out var next))
            work.Head = next;
        // After a failure it is those that were not tried whose turn it is: they tell whether the target or the notice is ill.
        var isAside = work.Aside.TryPeek(out var key, out var due) && due <= now && (work.Failures == 0 || work.Head is null);
        if (!isAside && work.Head is null)
        {
            await RemoveAsync(line, work.Posted);
            await WaitAsync(work);
            return;
        }

        key = isAside ? key : work.Head!.Value;
        if (spool.FindNotice(key) is not { } notice)
        {
            line.Removed(1);
            work.Leave(isAside);
            return;
        }

        if (now - notice.WrittenAt >= line.Target.Lifetime)
        {
            line.LostOne();
            LogExpired(line.Target.Name, notice.Attempts, line.LastError?.Text);
            await DoneAsync(work, key, isAside);
            return;
        }

        var answer = await client.PostAsync(notice.Id, notice.Json, _stopping.Token);
        if (answer.IsTaken)
        {
            line.Taken(_clock.GetUtcNow());
            if (work.Failures >= NoticeOutbox.PatientAttempts)
                LogWell(line.Target.Name);
            work.Failures = 0;
            await DoneAsync(work, key, isAside);
        }
        else
        {
            await FailedAsync(work, notice, answer, isAside);
        }
    }

    private async Task FailedAsync(Work work, Notice notice, WebhookAnswer answer, bool isAside)
    {
        var line = work.Line;
        var now = _clock.GetUtcNow();
        var error = answer.Status is { } status ? $"HTTP {status}{(answer.Text.Length > 0 ? $": {answer.Text}" : "")}" : answer.Text;
        line.Failed(error, now);
        if (answer.IsGone)
        {
            line.IsGone = true;
            LogGone(line.Target.Name);
            return;
        }

        var attempts = notice.Attempts + 1;
        var asked = answer.RetryAfter is { } wait && wait > TimeSpan.Zero ? (wait < LongestWait ? wait : LongestWait) : TimeSpan.Zero;
        var next = now + Longer(NoticeBackoff.After(attempts, LongestWait), asked);

        // One that was put aside and fails while the others go well tells nothing of the target.
        if (!isAside || work.Failures > 0)
        {
            work.Failures++;
            if (work.Failures == NoticeOutbox.PatientAttempts)
                LogIll(line.Target.Name, error);
            line.PausedUntil = now + Longer(NoticeBackoff.After(work.Failures, LongestPause), asked);
        }

        if (isAside || attempts >= NoticeOutbox.PatientAttempts)
        {
            work.Leave(isAside);
            work.Aside.Enqueue(notice.Key, next);
        }

        await spool.PutOffNoticeAsync(notice.Key, attempts, next, error);
    }

    private async Task DoneAsync(Work work, long key, bool isAside)
    {
        work.Leave(isAside);
        work.Posted.Add(key);
        if (work.Posted.Count >= MaxUndeleted)
            await RemoveAsync(work.Line, work.Posted);
    }

    /// <summary>Waits for a new notice, or for the time of one that was put aside.</summary>
    private async Task WaitAsync(Work work)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var some = work.Line.Keys.WaitToReadAsync(waiting.Token).AsTask();
        if (work.Aside.TryPeek(out _, out var due))
            await Task.WhenAny(some, Task.Delay(Until(due), _clock, waiting.Token));
        else
            await some;
        await waiting.CancelAsync();
        _stopping.Token.ThrowIfCancellationRequested();
    }

    private Task DelayAsync(DateTimeOffset until) => Task.Delay(Until(until), _clock, _stopping.Token);

    private TimeSpan Until(DateTimeOffset at)
    {
        var wait = at - _clock.GetUtcNow();
        // However far away: the clock may have gone back.
        return wait < LongestWait ? Longer(wait, TimeSpan.FromMilliseconds(1)) : LongestWait;
    }

    private async Task RemoveAsync(NoticeLine line, List<long> keys)
    {
        try
        {
            while (keys.Count > 0)
            {
                var some = keys.GetRange(0, Math.Min(keys.Count, MaxRemoved));
                await spool.RemoveNoticesAsync(some);
                keys.RemoveRange(0, some.Count);
                line.Removed(some.Count);
            }
        }
        catch (SpoolUnavailableException e)
        {
            // Tried again with those that come.
            LogFault(e, line.Target.Name);
        }
    }

    private async Task RemoveOrphansAsync()
    {
        try
        {
            foreach (var keys in outbox.Orphans.Chunk(MaxRemoved))
                await spool.RemoveNoticesAsync(keys);
        }
        catch (SpoolUnavailableException e)
        {
            LogFault(e, "that is gone");
        }

        outbox.Orphans.Clear();
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Name} takes nothing: {Error}. Its notices wait; it is tried again, at last every 15 min")]
    private partial void LogIll(string name, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The webhook {Name} takes notices again")]
    private partial void LogWell(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Name} has answered 410 Gone: nothing is posted to it until the next start")]
    private partial void LogGone(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A notice to the webhook {Name} is lost: its time is over after {Attempts} attempts. The last error: {Error}")]
    private partial void LogExpired(string name, int attempts, string? error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The notices of the webhook {Name} cannot be read or written now; they wait")]
    private partial void LogFault(Exception error, string name);

    /// <summary>How far a line is.</summary>
    private sealed class Work(NoticeLine line)
    {
        public NoticeLine Line => line;

        /// <summary>The row whose turn it is; it stays so after a failure.</summary>
        public long? Head { get; set; }

        /// <summary>Rows that let the others pass, by the time of their next post.</summary>
        public PriorityQueue<long, DateTimeOffset> Aside { get; } = new();

        /// <summary>Rows to delete.</summary>
        public List<long> Posted { get; } = [];

        /// <summary>Posts in vain, in a row.</summary>
        public int Failures { get; set; }

        /// <summary>The row under way has its turn no longer.</summary>
        public void Leave(bool isAside)
        {
            if (isAside)
                Aside.Dequeue();
            else
                Head = null;
        }
    }
}
