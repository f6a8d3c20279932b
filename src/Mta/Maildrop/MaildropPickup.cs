using MailSuite.Mta.Spool;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Disk;
using MailSuite.Shared.Maildrop;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Maildrop;

/// <summary>Takes what programs of this machine left in the maildrop, at the start and from then on as soon as it is there (README.md).</summary>
/// <remarks>
/// A drop is first moved into a folder of ours, where whoever left it cannot exchange it any more, then submitted under its own id, then
/// deleted. A kill between any two of these leaves it in one of the two folders, and the same id makes the second time nothing new.
/// </remarks>
internal sealed partial class MaildropPickup(MtaOptions options, LocalMail mail, TimeProvider clock, ILogger<MaildropPickup> log) : IHostedLifecycleService, IDisposable
{
    private const string BadExtension = ".bad";

    /// <summary>Drops that are submitted at once; the stores commit them together.</summary>
    private const int Concurrency = 8;

    /// <summary>How often both folders are looked at, though nothing was announced: for drops that had to wait, and as a second net.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>The same where the system announces nothing.</summary>
    private static readonly TimeSpan BlindInterval = TimeSpan.FromSeconds(2);

    /// <summary>After which a drop that nobody finished is nobody's.</summary>
    private static readonly TimeSpan PartAge = TimeSpan.FromDays(1);

    private readonly MaildropDirectory _maildrop = new(options.DataDirectory);
    private readonly string _pickup = Path.Combine(options.DataDirectory, "pickup");
    private readonly QueueBell _bell = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _maildrop.Create();
        _maildrop.WriteSite(mail.Site);
        Directory.CreateDirectory(_pickup);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_pickup, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(LoopAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public Task StopAsync(CancellationToken cancellationToken) => _loop.WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task LoopAsync()
    {
        using var watcher = Watch();
        var interval = watcher is null ? BlindInterval : Interval;
        await using var timer = clock.CreateTimer(static bell => ((QueueBell)bell!).Ring(), _bell, interval, interval);
        try
        {
            while (true)
            {
                await TurnAsync();
                await _bell.WaitAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends; what is left is taken at the next start.
        }
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            var watcher = new FileSystemWatcher(_maildrop.Path, "*" + MaildropDirectory.DropExtension) { NotifyFilter = NotifyFilters.FileName };
            watcher.Created += (_, _) => _bell.Ring();
            watcher.Renamed += (_, _) => _bell.Ring();
            watcher.Error += (_, _) => _bell.Ring();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogBlind(e.Message);
            return null;
        }
    }

    private async Task TurnAsync()
    {
        try
        {
            Collect();
            await Parallel.ForEachAsync(
                Directory.EnumerateFiles(_pickup, "*" + MaildropDirectory.DropExtension),
                new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = _stopping.Token },
                async (file, _) => await TakeAsync(file));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(e);
        }
    }

    /// <summary>Moves what is there into our folder, and clears away what was never finished.</summary>
    private void Collect()
    {
        foreach (var file in Directory.EnumerateFiles(_maildrop.Path, "*" + MaildropDirectory.DropExtension))
        {
            var target = Path.Combine(_pickup, Path.GetFileName(file));
            try
            {
                if (!File.Exists(target))
                    File.Move(file, target);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The others do not wait for it.
                LogTakingFailed(e, file);
            }
        }

        foreach (var part in Directory.EnumerateFiles(_maildrop.Path, "*" + MaildropDirectory.PartExtension))
        {
            if (clock.Real().GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(part)) > PartAge)
                File.Delete(part);
        }
    }

    private async Task TakeAsync(string file)
    {
        try
        {
            if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "N", out var id))
            {
                SetAside(file, "its name is not that of a drop");
                return;
            }

            // Not to be opened before it is known to be a plain file: a pipe would never end.
            var owner = FileOwner.Of(file);
            if (owner is { IsRegular: false } || (owner is null && OthersMayLeaveMail()))
            {
                SetAside(file, owner is null ? "whose it is cannot be found out on this system" : "it is no plain file");
                return;
            }

            SubmissionOutcome outcome;
            await using (var drop = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous))
                outcome = await mail.SubmitAsync(drop, owner?.UserId, new DeliveryId(id), RefusalReports.Always, CancellationToken.None);
            Conclude(file, outcome);
        }
        catch (UnauthorizedAccessException e)
        {
            SetAside(file, e.Message);
        }
        catch (Exception e)
        {
            LogTakingFailed(e, file);
        }
    }

    private void Conclude(string file, SubmissionOutcome outcome)
    {
        switch (outcome)
        {
            case SubmissionOutcome.Accepted accepted:
                File.Delete(file);
                LogTaken(Path.GetFileName(file), accepted.QueueId);
                break;
            case SubmissionOutcome.Deferred deferred:
                LogDeferred(Path.GetFileName(file), deferred.Status.ToString(), deferred.Reason);
                break;
            case SubmissionOutcome.Refused refused:
                SetAside(file, refused.Reason);
                break;
            default:
                throw new InvalidOperationException($"There is no outcome {outcome}.");
        }
    }

    private void SetAside(string file, string reason)
    {
        var bad = Path.ChangeExtension(file, BadExtension);
        File.Move(file, bad, overwrite: true);
        LogSetAside(bad, reason);
    }

    private bool OthersMayLeaveMail() =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(_maildrop.Path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None;

    [LoggerMessage(LogLevel.Information, "The drop {Drop} is taken as {QueueId}")]
    private partial void LogTaken(string drop, string queueId);

    [LoggerMessage(LogLevel.Warning, "The drop {Drop} must wait: {Status} {Reason}")]
    private partial void LogDeferred(string drop, string status, string reason);

    [LoggerMessage(LogLevel.Error, "A drop cannot be taken and is set aside as {File}: {Reason}")]
    private partial void LogSetAside(string file, string reason);

    [LoggerMessage(LogLevel.Error, "Taking {File} failed; it is tried again")]
    private partial void LogTakingFailed(Exception exception, string file);

    [LoggerMessage(LogLevel.Error, "The maildrop cannot be looked through; it is tried again")]
    private partial void LogFault(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The system announces no new files in the maildrop, so it is looked at every 2 s: {Reason}")]
    private partial void LogBlind(string reason);
}
