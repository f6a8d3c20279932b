using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MailSuite.Bench.Kill;

/// <summary>One life of the program, as a server on loopback whose mail all goes to the next host of the bench.</summary>
internal sealed partial class Child : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private Child(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; private set; }

    /// <summary>What it logged: all that is a warning or worse.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_output)
                return [.. _output.Where(line => Complaint().IsMatch(line))];
        }
    }

    public static string Configuration(int sinkPort) => $$"""
        {
          "HostName": "mx.kill.test", "Domains": ["kill.test"],
          "Aliases": { "out@kill.test": ["out@[127.0.0.1]"], "refused@kill.test": ["refused@[127.0.0.1]"] },
          "Smtp": { "Port": 0, "Addresses": ["127.0.0.1"] }, "Submission": { "Port": "off" }, "SubmissionTls": { "Port": "off" }, "Imap": { "Port": "off" }, "ImapTls": { "Port": "off" }, "Pop3": { "Port": "off" }, "Pop3Tls": { "Port": "off" },
          "Web": { "Port": 0, "Addresses": ["127.0.0.1"], "Https": false },
          "Strictness": {
            "AddressRates": { "Connections": 0, "Mails": 0, "Recipients": 0, "RefusedRecipients": 0 },
            "NetworkRates": { "Connections": 0, "Mails": 0, "Recipients": 0, "RefusedRecipients": 0 }
          },
          "Relay": { "Port": {{sinkPort.ToString(CultureInfo.InvariantCulture)}}, "RetryDelays": ["1 s"], "DelayWarning": "0 s", "Suppression": false },
          "Log": { "Level": "Warning" }
        }
        """;

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<Child> StartAsync(string program, string configuration, string directory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["serve", "--config", configuration, "--data", directory])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MAILSUITE_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);

        var child = new Child(Process.Start(start)!);
        try
        {
            await child.ListensAsync(Path.Combine(directory, "run.json"), cancellationToken);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL, at once.</summary>
    public void Kill() => _process.Kill();

    public Task GoneAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task ListensAsync(string runFile, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (PortIn(runFile) is not { } port || (Port = port) == 0)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > StartTimeout)
                throw new InvalidOperationException($"The program does not start:\n{string.Join('\n', _output)}");
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>The port of its SMTP server; <see langword="null"/> while the file is not that of this life.</summary>
    private int? PortIn(string runFile)
    {
        try
        {
            using var run = JsonDocument.Parse(File.ReadAllText(runFile));
            return run.RootElement.GetProperty("processId").GetInt32() == _process.Id
                ? int.Parse(run.RootElement.GetProperty("endpoints").GetProperty("Smtp")[0].GetString()!.Split(':')[^1], CultureInfo.InvariantCulture)
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

    [GeneratedRegex(@"^\S+ (warn|error|fail|crit)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Complaint();
}
