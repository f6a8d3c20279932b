using System.Diagnostics;

namespace MailSuite.Testing;

/// <summary>Debian's Dovecot with one user and an empty mailbox: the answers that ours are compared with.</summary>
/// <remarks>Its IMAP program runs alone, signed in from the start, and talks over a pipe: no port, no daemon, no rights.</remarks>
public sealed class Dovecot : IAsyncDisposable
{
    private const string Program = "/usr/lib/dovecot/imap";

    /// <summary>What a test says when it skips.</summary>
    public const string Absent = "Dovecot's IMAP server (Debian: dovecot-imapd) is not installed on this machine; this test compares our answers with its.";

    /// <summary>Debian's nobody, for a test that runs as root: Dovecot does not serve root.</summary>
    private const int Nobody = 65534;

    private readonly TempDirectory _directory;
    private readonly Process _process;

    private Dovecot(TempDirectory directory, Process process)
    {
        _directory = directory;
        _process = process;
        Talk = new ImapTalk(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
    }

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Whether a test must not skip where it is absent, as <c>.ci/run</c> demands.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("MAILSUITE_TEST_REQUIRE_ALL") == "1";

    /// <summary>A session that is signed in.</summary>
    public ImapTalk Talk { get; }

    public static async Task<Dovecot> StartAsync(CancellationToken cancellationToken)
    {
        if (!IsInstalled)
            throw new InvalidOperationException(Absent);
        var directory = new TempDirectory();
        var configuration = Path.Combine(directory.Path, "dovecot.conf");
        var root = Environment.IsPrivilegedProcess;
        await File.WriteAllTextAsync(configuration, $$"""
            base_dir = {{directory.Path}}
            state_dir = {{directory.Path}}
            protocols = imap
            ssl = no
            mail_location = sdbox:{{directory.Path}}/mail
            {{(root ? $"mail_uid = {Nobody}\nmail_gid = {Nobody}" : "")}}

            """, cancellationToken);
        if (root && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_111_111);

        var start = new ProcessStartInfo(Program, ["-c", configuration]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["USER"] = "ann";
        start.Environment["HOME"] = directory.Path;
        var process = Process.Start(start)!;
        // What it logs is of no interest, but must not fill the pipe.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var dovecot = new Dovecot(directory, process);
        await dovecot.Talk.GreetingAsync(cancellationToken);
        return dovecot;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _directory.Dispose();
    }
}
