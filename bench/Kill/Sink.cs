using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace MailSuite.Bench.Kill;

/// <summary>The next host: takes mail, refuses what is to be refused, and writes into the ledger what it has answered.</summary>
internal sealed partial class Sink(Ledger ledger) : IDisposable
{
    private const string Capabilities = "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 10000000\r\n250 ENHANCEDSTATUSCODES";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Is told what happens.</summary>
    public Action<Moment> See { get; set; } = _ => { };

    /// <summary>Is told which message was answered 250, after the answer was written.</summary>
    public Action<string> Took { get; set; } = _ => { };

    public void Start()
    {
        _listener.Start(512);
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The bench is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            await SayAsync(stream, "220 sink.test ESMTP");
            var (isReport, recipients, hasTaken) = (false, 0, false);
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                if (hasTaken)
                    See(Moment.AfterTaken);
                hasTaken = false;
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await SayAsync(stream, Capabilities);
                        break;
                    case "MAIL":
                        (isReport, recipients) = (line.Contains("FROM:<>", StringComparison.OrdinalIgnoreCase), 0);
                        await SayAsync(stream, "250 2.1.0 ok");
                        break;
                    case "RCPT" when line.Contains("<refused@", StringComparison.OrdinalIgnoreCase):
                        await SayAsync(stream, "550 5.1.1 nobody of that name");
                        See(Moment.Refused);
                        break;
                    case "RCPT":
                        See(Moment.AtRcpt);
                        recipients++;
                        await SayAsync(stream, "250 2.1.5 ok");
                        break;
                    case "DATA" when recipients == 0:
                        await SayAsync(stream, "503 5.5.1 nobody to send it to");
                        break;
                    case "DATA":
                        await SayAsync(stream, "354 go on");
                        hasTaken = await TakeAsync(stream, reader, isReport);
                        break;
                    case "QUIT":
                        await SayAsync(stream, "221 2.0.0 bye");
                        return;
                    default:
                        await SayAsync(stream, "250 2.0.0 ok");
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The program was killed, which is what the bench is about.
        }
    }

    private async Task<bool> TakeAsync(NetworkStream stream, StreamReader reader, bool isReport)
    {
        var message = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            if (line == ".")
            {
                See(isReport ? Moment.AtReport : Moment.AtDot);
                return await AnswerAsync(stream, message.ToString(), isReport);
            }

            message.Append(line.StartsWith('.') ? line.AsSpan(1) : line).Append('\n');
        }

        return false;
    }

    private async Task<bool> AnswerAsync(NetworkStream stream, string message, bool isReport)
    {
        var id = IdOf(message);
        if (!isReport && ledger[id].DefersNow())
        {
            await SayAsync(stream, "451 4.3.0 not now");
            return false;
        }

        if (isReport)
            ledger.Reported(ReportId().Match(message).Groups["id"].Value, id);
        else
            ledger.Taken(id);
        await SayAsync(stream, $"250 2.0.0 taken as {id}");
        Took(id);
        See(Moment.Taken);
        return true;
    }

    /// <summary>The id that the bench has given to a message; in a report, that of the message that is returned.</summary>
    internal static string IdOf(string message) => MessageId().Match(message).Groups["id"].Value;

    /// <summary>The id of a report itself.</summary>
    internal static string? ReportIdOf(string message) => ReportId().Match(message) is { Success: true } match ? match.Groups["id"].Value : null;

    private ValueTask SayAsync(NetworkStream stream, string reply) => stream.WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n"), _end.Token);

    [GeneratedRegex(@"^Message-ID: <(?<id>\d+@kill\.test)>", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MessageId();

    [GeneratedRegex(@"^Message-ID: <(?<id>[^>]+@mx\.kill\.test)>", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReportId();
}
