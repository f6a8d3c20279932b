using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MailSuite.Suite.Tests.Support;

/// <summary>A client of POP3 or IMAP that says exactly what a test tells it to.</summary>
internal sealed class LineTalk : IAsyncDisposable
{
    public const string Pop3 = "+OK ";
    public const string Imap = "* OK [CAPABILITY ";

    private readonly TcpClient _connection;
    private Stream _stream;
    private StreamReader _reader;

    private LineTalk(TcpClient connection)
    {
        _connection = connection;
        _stream = connection.GetStream();
        _reader = new StreamReader(_stream, Encoding.Latin1);
    }

    /// <summary>Connects and reads the greeting.</summary>
    /// <param name="greeting">How its first line begins.</param>
    public static Task<LineTalk> ConnectAsync(int port, string greeting = Pop3) => ConnectAsync(port, tls: false, greeting);

    /// <summary>The same with TLS from the first octet.</summary>
    public static Task<LineTalk> ConnectTlsAsync(int port, string greeting = Pop3) => ConnectAsync(port, tls: true, greeting);

    public async Task BeginTlsAsync()
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, TestContext.Current.CancellationToken);
        _stream = tls;
        _reader = new StreamReader(_stream, Encoding.Latin1);
    }

    /// <summary>Sends one line and reads one; empty at the end of the connection.</summary>
    public async Task<string> SayAsync(string line)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
        return await ReadAsync();
    }

    public async Task<string> ReadAsync() => await _reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";

    /// <summary>The lines up to the end of a response of several.</summary>
    public async Task<IReadOnlyList<string>> ReadListAsync()
    {
        var lines = new List<string>();
        while (await ReadAsync() is var line and not ".")
            lines.Add(line);
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _connection.Dispose();
    }

    private static async Task<LineTalk> ConnectAsync(int port, bool tls, string greeting)
    {
        var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            var talk = new LineTalk(connection);
            if (tls)
                await talk.BeginTlsAsync();
            Assert.StartsWith(greeting, await talk.ReadAsync(), StringComparison.Ordinal);
            return talk;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
