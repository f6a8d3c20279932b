using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MailSuite.Bench.Mailboxes;

/// <summary>The program in its development profile, on free ports and one directory, in one life after the other.</summary>
internal sealed class Child(string program, string directory) : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly List<string> _output = [];
    private Process? _process;
    private TaskCompletionSource<IPEndPoint> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it logged in all its lives.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
                return [.. _output];
        }
    }

    /// <summary>Where its IMAP server listens, now or as soon as it does again.</summary>
    public Task<IPEndPoint> ImapAsync(CancellationToken cancellationToken) => _listening.Task.WaitAsync(cancellationToken);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["dev", "--data", directory, "--log-level", "Warning"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MAILSUITE_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var section in new[] { "Smtp", "Web", "Imap", "Pop3" })
            start.Environment[$"MAILSUITE_{section}__Port"] = "0";
        // All sessions are of one account.
        start.Environment["MAILSUITE_Imap__MaxSessionsPerAccount"] = "2000";

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var began = Stopwatch.GetTimestamp();
        IPEndPoint? listening;
        while ((listening = ListeningIn(Path.Combine(directory, "run.json"))) is null)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > StartTimeout)
                throw new InvalidOperationException($"The program does not start:\n{string.Join('\n', Output)}");
            await Task.Delay(5, cancellationToken);
        }

        _listening.TrySetResult(listening);
    }

    /// <summary>SIGKILL; clients wait for the next life.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _listening = new TaskCompletionSource<IPEndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process!.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async Task KillAndStartAsync(CancellationToken cancellationToken)
    {
        await KillAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>Asks it to stop, waits for that, and starts it again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        const int Sigterm = 15;
        _listening = new TaskCompletionSource<IPEndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = SysKill(_process!.Id, Sigterm);
        await _process.WaitForExitAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary><see langword="null"/> while the file is not that of this life.</summary>
    private IPEndPoint? ListeningIn(string runFile)
    {
        try
        {
            using var run = JsonDocument.Parse(File.ReadAllText(runFile));
            return run.RootElement.GetProperty("processId").GetInt32() == _process!.Id
                ? IPEndPoint.Parse(run.RootElement.GetProperty("endpoints").GetProperty("Imap")[0].GetString()!)
                : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrEmpty(line))
            return;
        lock (_output)
            _output.Add(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SysKill(int process, int signal);
}
