using System.Runtime.InteropServices;
using System.Text;

namespace MailSuite.Shared.Disk;

/// <summary>Whose a file is and whether it is a plain one, without following a link; .NET asks for neither.</summary>
public static class FileOwner
{
    private const int AtWorkingDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeModeAndOwner = 0x1 | 0x2 | 0x8;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>The owner's user id, with whether the path names a regular file; <see langword="null"/> where there is nothing, or a system that has no statx(2).</summary>
    public static (long UserId, bool IsRegular)? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        // struct statx is the same on every architecture, and 256 octets.
        Span<byte> answer = stackalloc byte[256];
        try
        {
            if (Statx(AtWorkingDirectory, Encoding.UTF8.GetBytes(path + '\0'), NoFollow, TypeModeAndOwner, ref MemoryMarshal.GetReference(answer)) != 0)
                return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        var owner = MemoryMarshal.Read<uint>(answer[OwnerOffset..]);
        var mode = MemoryMarshal.Read<ushort>(answer[ModeOffset..]);
        return (owner, (mode & TypeMask) == RegularFile);
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, byte[] path, int flags, uint mask, ref byte answer);
}
