using System.Net.Sockets;
using System.Text;

namespace MailSuite.Suite.Tests.Support;

/// <summary>An SMTP client that says exactly what a test tells it to.</summary>
internal sealed class SmtpTalk : IDisposable
{
    private readonly TcpClient _connection;
    private readonly StreamReader _reader;
    private readonly NetworkStream _stream;

    private SmtpTalk(TcpClient connection)
    {
        _connection = connection;
        _stream = connection.GetStream();
        _reader = new StreamReader(_stream, Encoding.Latin1);
    }

    /// <summary>Connects and reads the greeting.</summary>
    public static async Task<SmtpTalk> ConnectAsync(int port)
    {
        var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            var talk = new SmtpTalk(connection);
            Assert.StartsWith("220 ", await talk.ReplyAsync(), StringComparison.Ordinal);
            return talk;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends text as it is.</summary>
    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken).AsTask();

    /// <summary>Sends one line and reads the reply.</summary>
    public async Task<string> SayAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>The last line of the next reply; empty at the end of the connection.</summary>
    public async Task<string> ReplyAsync()
    {
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Length < 4 || line[3] != '-')
                return line;
        }

        return "";
    }

    /// <summary>Everything up to the end of the message, answered 250 where it must be.</summary>
    public async Task BeginDataAsync(string from, params string[] recipients)
    {
        Assert.StartsWith("250", await SayAsync("EHLO client.example.net"), StringComparison.Ordinal);
        Assert.StartsWith("250", await SayAsync($"MAIL FROM:<{from}>"), StringComparison.Ordinal);
        foreach (var recipient in recipients)
            Assert.StartsWith("250", await SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await SayAsync("DATA"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _connection.Dispose();
    }
}
