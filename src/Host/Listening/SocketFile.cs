using System.Net.Sockets;
using MailSuite.Host.Running;

namespace MailSuite.Host.Listening;

/// <summary>The file of a Unix socket, before and after Kestrel makes it.</summary>
internal static class SocketFile
{
    /// <summary>Removes what a program that was killed has left. A socket that somebody listens on, and a file that is no socket, stay.</summary>
    /// <exception cref="StartException">There is something that must stay, or no directory for the file.</exception>
    public static void Prepare(string path, string key)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new StartException($"There is no directory for the socket {path} ({key}). Make it for the account that runs mailsuite, or name another path.");
        if (!Path.Exists(path))
            return;

        if (IsListenedOn(path))
            throw new StartException($"Another program listens on the socket {path} ({key}). Stop that, or name another path.");
        if (!IsSocket(path))
            throw new StartException($"{path} ({key}) is no socket and stays as it is. Name another path, or move it away.");
        File.Delete(path);
    }

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    private static bool IsListenedOn(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            // Whoever may not connect cannot know; such a file is not ours to remove either.
            return e.SocketErrorCode == SocketError.AccessDenied;
        }
    }

    /// <summary>A socket cannot be opened as a file; anything else can, or may not be.</summary>
    private static bool IsSocket(string path)
    {
        try
        {
            // For writing too, since a reader alone would wait for the writer of a named pipe.
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
