using System.Runtime.InteropServices;

namespace MailSuite.Shared.Disk;

/// <summary>The users of this machine, as its own list of them says (getpwuid(3)).</summary>
/// <param name="Login">The login name.</param>
/// <param name="FullName">The person's name, the first part of the gecos field; empty when there is none.</param>
public sealed record UserAccount(long UserId, string Login, string FullName)
{
    private static readonly Lock Passwd = new();

    /// <summary>The user id that this process acts under; 0 where a system has none.</summary>
    public static long CurrentId => OperatingSystem.IsWindows() ? 0 : EffectiveUserId();

    /// <summary>The user that has started this process; on Windows the one that is signed in.</summary>
    public static UserAccount? Current => OperatingSystem.IsWindows() ? new UserAccount(0, Environment.UserName, "") : Find(RealUserId());

    /// <summary>The user with an id; <see langword="null"/> when the machine does not know it.</summary>
    public static UserAccount? Find(long userId)
    {
        if (OperatingSystem.IsWindows() || userId is < 0 or > uint.MaxValue)
            return null;

        // Its answer lies in one place of the C library, for whoever asks next.
        lock (Passwd)
        {
            var entry = UserById((uint)userId);
            if (entry == 0)
                return null;

            // The name comes first in struct passwd of every system; gecos stands elsewhere in each.
            var login = Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry)) ?? "";
            var gecos = OperatingSystem.IsLinux() ? Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry, GecosOffset)) ?? "" : "";
            return new UserAccount(userId, login, NameIn(gecos, login));
        }
    }

    /// <summary>The name in a gecos field: up to the first comma, <c>&amp;</c> standing for the login name with a capital.</summary>
    internal static string NameIn(string gecos, string login)
    {
        var comma = gecos.IndexOf(',', StringComparison.Ordinal);
        var name = (comma < 0 ? gecos : gecos[..comma]).Trim();
        return name.Replace("&", login.Length > 0 ? char.ToUpperInvariant(login[0]) + login[1..] : "", StringComparison.Ordinal);
    }

    /// <summary>Two pointers and two 32-bit ids stand before it.</summary>
    private static int GecosOffset => (2 * IntPtr.Size) + (2 * sizeof(uint));

    [DllImport("libc", EntryPoint = "getpwuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint UserById(uint id);

    [DllImport("libc", EntryPoint = "getuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint RealUserId();

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUserId();
}
