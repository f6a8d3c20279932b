using System.Runtime.InteropServices;
using System.Text;

namespace MailSuite.Shared.Disk;

/// <summary>Makes the names in a directory survive a loss of power: POSIX has a rename durable only when its directory is synced.</summary>
public static class DirectorySync
{
    /// <summary>Syncs the directory. On Windows the file system's journal has the rename already.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Sync(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;

        // .NET opens no directories, so the three calls are made as C does.
        var descriptor = Open(Encoding.UTF8.GetBytes(directory + '\0'), 0);
        if (descriptor < 0)
            throw new IOException($"{directory} cannot be opened to be synced ({Marshal.GetLastPInvokeErrorMessage()}).");

        try
        {
            if (Fsync(descriptor) != 0)
                throw new IOException($"{directory} cannot be synced ({Marshal.GetLastPInvokeErrorMessage()}).");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Syncs the octets of a file that somebody else wrote.</summary>
    public static void SyncFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
