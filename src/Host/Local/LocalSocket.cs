using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace MailSuite.Host.Local;

/// <summary>The private socket of a running program, in its data directory: for its owner and root alone.</summary>
internal static class LocalSocket
{
    private const string Name = "local.sock";

    /// <summary>Octets of a Unix socket's path on every system, its NUL left out.</summary>
    private const int MaxPathOctets = 103;

    /// <summary><see langword="null"/> where the path of the data directory is too long for a socket in it: then there is none.</summary>
    public static string? PathFor(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, Name);
        return Encoding.UTF8.GetByteCount(path) <= MaxPathOctets ? path : null;
    }

    /// <summary>Connects to the program that runs on a data directory.</summary>
    /// <returns><see langword="null"/> when none runs, or this user may not.</returns>
    public static async ValueTask<Socket?> ConnectAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        if (PathFor(dataDirectory) is not { } path || !File.Exists(path))
            return null;

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>The user on the other side, by the word of the system; <see langword="null"/> where it gives none.</summary>
    public static long? PeerOf(Socket socket)
    {
        // SOL_SOCKET, SO_PEERCRED: struct ucred, three 32-bit numbers.
        const int Level = 1;
        const int PeerCredentials = 17;
        if (!OperatingSystem.IsLinux())
            return null;

        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(Level, PeerCredentials, credentials) == credentials.Length ? MemoryMarshal.Read<uint>(credentials[4..]) : null;
    }
}
