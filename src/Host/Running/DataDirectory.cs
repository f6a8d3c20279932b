using System.Globalization;
using MailSuite.Host.Configuration;

namespace MailSuite.Host.Running;

/// <summary>The one directory that holds everything, and the lock that keeps a second program out of it.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockFile = "mailsuite.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    /// <summary>
    /// Where data lies when nobody says: for development a folder of the user, a second one for each port offset, so that programs
    /// side by side share nothing; for a server the system's place. Empty when the user has no home.
    /// </summary>
    public static string DefaultFor(Profile profile, int portOffset)
    {
        if (profile == Profile.Server)
        {
            return OperatingSystem.IsWindows()
                ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "MailSuite")
                : "/var/lib/mailsuite";
        }

        // $XDG_DATA_HOME or ~/.local/share; %LOCALAPPDATA%; ~/Library/Application Support.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length == 0 ? "" : System.IO.Path.Combine(home, portOffset == 0 ? "mailsuite" : string.Create(CultureInfo.InvariantCulture, $"mailsuite-{portOffset}"));
    }

    /// <summary>Makes the directory where it is missing, readable for its owner only.</summary>
    /// <exception cref="StartException">It cannot be made.</exception>
    public static void Create(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else if (!Directory.Exists(path))
                Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data directory {path} cannot be made: {e.Message} Make it yourself for the account that runs mailsuite, or name another with --data DIR.", e);
        }
    }

    /// <summary>Takes the directory for this process, until disposed or dead.</summary>
    /// <exception cref="StartException">Another program has it, or it cannot be written.</exception>
    public static DataDirectory Take(string path)
    {
        Create(path);
        var file = System.IO.Path.Combine(path, LockFile);
        try
        {
            // The system frees the lock with the process, however that ends; the file itself stays and says nothing.
            return new DataDirectory(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartException($"The data directory {path} cannot be written by this account. Give it to the account that runs mailsuite, or name another with --data DIR.", e);
        }
        catch (IOException e) when (IsHeld(e))
        {
            var who = RunFile.Read(path) is { } run ? $" (process {run.ProcessId}, web on {run.Web})" : "";
            throw new StartException($"Another MailSuite runs on the data directory {path}{who}. Stop it, or give this one a directory and ports of its own: --data DIR --port-offset 1000.", e);
        }
        catch (IOException e)
        {
            throw new StartException($"The data directory {path} cannot be written: {e.Message} Make room or mend it, or name another with --data DIR.", e);
        }
    }

    /// <summary>Whether a start failed because another process has the directory.</summary>
    public static bool IsHeldBySomebody(StartException e) => e.InnerException is IOException inner && IsHeld(inner);

    public void Dispose() => _lock.Dispose();

    /// <summary>Whether the system refused because somebody else has the file open for himself alone.</summary>
    private static bool IsHeld(IOException e)
    {
        const int SharingViolation = 32;
        const int EagainLinux = 11;
        const int EagainMacOs = 35;
        return OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) == SharingViolation : e.HResult is EagainLinux or EagainMacOs;
    }
}
