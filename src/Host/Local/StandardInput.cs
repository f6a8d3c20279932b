using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Host.Local;

/// <summary>Standard input and output as a connection: the socket that inetd or systemd has accepted, or the two pipes of a program of this machine.</summary>
internal sealed class StandardInput : IDisposable
{
    private readonly Socket? _socket;

    private StandardInput(Socket? socket, Stream input, Stream output)
    {
        _socket = socket;
        Input = input;
        Output = output;
        Client = socket?.RemoteEndPoint is IPEndPoint ip ? Plain(ip) : null;
    }

    public Stream Input { get; }

    public Stream Output { get; }

    /// <summary>Who is on the other side of the network; <see langword="null"/> for a program of this machine.</summary>
    public EndPoint? Client { get; }

    public static StandardInput Open()
    {
        if (TryNetworkSocket(descriptor: 0) is not { } socket)
            return new StandardInput(null, Console.OpenStandardInput(), Console.OpenStandardOutput());

        var stream = new NetworkStream(socket, ownsSocket: false);
        return new StandardInput(socket, stream, stream);
    }

    /// <summary>Whether what is written for people would reach the client: inetd hands over its socket as standard error too.</summary>
    public static bool IsErrorOfClient()
    {
        using var socket = TryNetworkSocket(descriptor: 2);
        return socket is not null;
    }

    /// <summary>A transport for a session in this process.</summary>
    public IMailTransport ToTransport()
    {
        if (_socket is not null)
            return new PipeTransport(PipeReader.Create(Input, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(Output, new StreamPipeWriterOptions(leaveOpen: true)), null, Client, owned: null);

        // Reading a pipe cannot be interrupted, and a session that waits must be: it reads from a pipe in between.
        var pipe = new Pipe();
        _ = Input.CopyToAsync(pipe.Writer.AsStream());
        return new PipeTransport(pipe.Reader, PipeWriter.Create(Output, new StreamPipeWriterOptions(leaveOpen: true)), null, null, owned: null);
    }

    public void Dispose() => _socket?.Dispose();

    private static Socket? TryNetworkSocket(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return null;

        try
        {
            var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
            if (socket.RemoteEndPoint is IPEndPoint)
                return socket;
            socket.Dispose();
            return null;
        }
        catch (Exception e) when (e is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static IPEndPoint Plain(IPEndPoint ip) => ip.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : ip;
}
