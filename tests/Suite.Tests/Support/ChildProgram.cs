using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using MailSuite.Host.Running;

namespace MailSuite.Suite.Tests.Support;

/// <summary>The built program as a process of its own, for signals, kills and browsers.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProgram(Process process, string dataDirectory)
    {
        _process = process;
        DataDirectory = dataDirectory;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The program's file, beside the Host's other build output.</summary>
    public static string File { get; } = Locate();

    public string DataDirectory { get; }

    public RunFile Run { get; private set; } = null!;

    public int SmtpPort => int.Parse(Run.Endpoints["Smtp"][0].Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts the development profile on free ports and waits until it listens.</summary>
    public static async Task<ChildProgram> StartAsync(string dataDirectory, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(File, ["dev", "--data", dataDirectory]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MAILSUITE_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment.Prepend(("MAILSUITE_Web__Port", "0")).Prepend(("MAILSUITE_Imap__Port", "0")).Prepend(("MAILSUITE_Pop3__Port", "0")).Prepend(("MAILSUITE_Smtp__Port", "0")))
            start.Environment[name] = value;

        var child = new ChildProgram(Process.Start(start)!, dataDirectory);
        try
        {
            var waiting = Stopwatch.StartNew();
            while (RunFile.Read(dataDirectory) is not { } run || run.ProcessId != child._process.Id)
            {
                Assert.False(child._process.HasExited, $"The program ended at once: {child.Output}");
                Assert.True(waiting.Elapsed < StartTimeout, $"The program does not listen after {StartTimeout}: {child.Output}");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }

        child.Run = RunFile.Read(dataDirectory)!;
        return child;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate()
    {
        const int Sigterm = 15;
        Assert.Equal(0, SysKill(_process.Id, Sigterm));
    }

    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(StartTimeout, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SysKill(int process, int signal);

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "MailSuite.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not lie in the folder of MailSuite.sln.");
        return folder.FullName;
    }

    private static string Locate()
    {
        // tests/Suite.Tests/bin/Debug/net10.0/ → src/Host/bin/Debug/net10.0/
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (here.Name, here.Parent!.Name);
        return Path.Combine(Repository, "src", "Host", "bin", configuration, framework, OperatingSystem.IsWindows() ? "mailsuite.exe" : "mailsuite");
    }
}
