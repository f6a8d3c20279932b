using System.Runtime.InteropServices;

namespace MailSuite.Host.Running;

/// <summary>Makes every file that the process creates readable for its owner only; on Windows the folder's rights do that.</summary>
/// <remarks>Databases are made by SQLite and bodies by several hands; the mask holds for them all, whatever the rights of the data directory.</remarks>
internal static class FileModes
{
    private const int GroupAndOthers = 0x3F; // 0077

    public static void KeepPrivate()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetMask(GroupAndOthers);
    }

    [DllImport("libc", EntryPoint = "umask")]
    private static extern int SetMask(int mask);
}
