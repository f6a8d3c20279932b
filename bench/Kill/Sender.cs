using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailSuite.Bench.Kill;

/// <summary>A client that hands over one message after the other until there is none left or the program is gone.</summary>
internal sealed class Sender(Ledger ledger, Action<Moment> see)
{
    private static readonly string Body = string.Concat(Enumerable.Repeat("0123456789012345678901234567890123456789012345678901234567890123456789\r\n", 30));

    /// <param name="next">Whether there is another message to be sent.</param>
    public async Task RunAsync(int port, Func<bool> next, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            await using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await ReplyAsync(reader, cancellationToken);
            await SayAsync(stream, "EHLO client.test\r\n", cancellationToken);
            await ReplyAsync(reader, cancellationToken);
            while (next())
                await SendAsync(stream, reader, cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The program was killed.
        }
    }

    private async Task SendAsync(NetworkStream stream, StreamReader reader, CancellationToken cancellationToken)
    {
        var id = ledger.New();
        var recipient = ledger[id].IsRefused ? "refused@kill.test" : "out@kill.test";
        await SayAsync(stream, $"MAIL FROM:<sender@[127.0.0.1]>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n", cancellationToken);
        for (var reply = 0; reply < 3; reply++)
        {
            if (await ReplyAsync(reader, cancellationToken) is not ['2' or '3', ..] and var refusal)
                throw new InvalidOperationException($"The program does not take mail: {refusal}");
        }

        await SayAsync(stream, $"Message-ID: <{id}>\r\nSubject: {id}\r\n\r\n{Body}.\r\n", cancellationToken);
        see(Moment.DotSent);
        if ((await ReplyAsync(reader, cancellationToken)).StartsWith("250", StringComparison.Ordinal))
        {
            ledger.Answered(id);
            see(Moment.Accepted);
        }
    }

    private static ValueTask SayAsync(NetworkStream stream, string text, CancellationToken cancellationToken) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    private static async Task<string> ReplyAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length < 4 || line[3] != '-')
                return line;
        }

        throw new IOException("The connection is closed.");
    }
}
