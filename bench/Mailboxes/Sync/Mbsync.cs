using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace MailSuite.Bench.Mailboxes.Sync;

/// <summary>mbsync (isync) with one channel.</summary>
internal sealed class Mbsync(SyncPlan plan, string mailbox)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _configuration = Path.Combine(plan.Directory, "mbsyncrc");

    /// <summary>What it said last.</summary>
    public string Said { get; private set; } = "";

    /// <summary>Synchronises both ways.</summary>
    /// <param name="interruptAsync">Runs beside it, and gets what kills it.</param>
    /// <returns>The exit code, and whether it was still at work when the interruption was done.</returns>
    public async Task<(int Code, bool WasCut)> RunAsync(IPEndPoint server, Func<Action, Task>? interruptAsync, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(_configuration, Configuration(server), cancellationToken);
        var start = new ProcessStartInfo(plan.Mbsync, ["-c", _configuration, "all"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            var wasCut = false;
            if (interruptAsync is not null)
            {
                await interruptAsync(() =>
                {
                    wasCut = !process.HasExited;
                    process.Kill();
                });
            }

            await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
            Said = await output + await error;
            return (process.ExitCode, wasCut || process.ExitCode != 0);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private string Configuration(IPEndPoint server) => string.Create(CultureInfo.InvariantCulture, $"""
        IMAPAccount far
        Host {server.Address}
        Port {server.Port}
        User {plan.User}
        Pass {plan.Password}
        SSLType None
        Timeout 60

        IMAPStore far
        Account far

        MaildirStore near
        Path {plan.Directory}/
        Inbox {plan.Directory}/INBOX
        SubFolders Verbatim

        Channel all
        Far :far:{mailbox}
        Near :near:{mailbox}
        Expunge Both
        Sync All
        CopyArrivalDate yes
        SyncState *

        """);
}
