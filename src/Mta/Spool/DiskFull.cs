namespace MailSuite.Mta.Spool;

/// <summary>Tells a full disk from other errors of the file system.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28; // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT on Linux
    private const int HandleDiskFull = unchecked((int)0x80070027);
    private const int DiskFullError = unchecked((int)0x80070070);

    public static bool Caused(Exception error) => error is IOException { HResult: NoSpace or QuotaExceeded or HandleDiskFull or DiskFullError };
}
