using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace MailSuite.Bench.Load;

/// <summary>One session after the other on a socket of its own, taking messages from the run until none is left.</summary>
internal sealed class LoadSession(LoadPlan plan, LoadRun run, MessageTemplate template)
{
    private static readonly byte[] Ehlo = "EHLO client.test\r\n"u8.ToArray();
    private static readonly byte[] Mail = "MAIL FROM:<load@client.test>\r\n"u8.ToArray();
    private static readonly byte[] Data = "DATA\r\n"u8.ToArray();
    private static readonly byte[] Quit = "QUIT\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[8192];
    private int _start;
    private int _end;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (run.TryTake(out var number))
        {
            try
            {
                await ConnectAndSendAsync(number, cancellationToken);
            }
            catch (Exception e) when (e is SocketException or UnexpectedReplyException)
            {
                run.Failed(e.Message);
            }
        }
    }

    private async Task ConnectAndSendAsync(int number, CancellationToken cancellationToken)
    {
        using var socket = new Socket(plan.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _start = _end = 0;
        var began = Stopwatch.GetTimestamp();
        await socket.ConnectAsync(plan.Server, cancellationToken);
        await ExpectAsync(socket, '2', cancellationToken);
        await SayAsync(socket, Ehlo, '2', cancellationToken);
        for (var sent = 0; ; began = Stopwatch.GetTimestamp())
        {
            await SendMessageAsync(socket, number, cancellationToken);
            run.Accepted(Stopwatch.GetElapsedTime(began));
            if (++sent == plan.PerConnection || !run.TryTake(out number))
                break;
        }

        await SayAsync(socket, Quit, '2', cancellationToken);
    }

    private async Task SendMessageAsync(Socket socket, int number, CancellationToken cancellationToken)
    {
        var recipient = $"user{number % plan.Users + 1}@{plan.Domain}";
        var rcpt = Encoding.ASCII.GetBytes($"RCPT TO:<{recipient}>\r\n");
        var message = template.Make(MessageTemplate.NewId(run.Name, number), recipient);
        if (plan.Pipelining)
        {
            byte[] together = [.. Mail, .. rcpt, .. Data];
            await socket.SendAsync(together, cancellationToken);
            await ExpectAsync(socket, '2', cancellationToken);
            await ExpectAsync(socket, '2', cancellationToken);
            await ExpectAsync(socket, '3', cancellationToken);
        }
        else
        {
            await SayAsync(socket, Mail, '2', cancellationToken);
            await SayAsync(socket, rcpt, '2', cancellationToken);
            await SayAsync(socket, Data, '3', cancellationToken);
        }

        await SayAsync(socket, message, '2', cancellationToken);
    }

    private async ValueTask SayAsync(Socket socket, byte[] octets, char expected, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < octets.Length;)
            sent += await socket.SendAsync(octets.AsMemory(sent), cancellationToken);
        await ExpectAsync(socket, expected, cancellationToken);
    }

    /// <summary>Reads one reply, all its lines (RFC 5321 §4.2.1).</summary>
    private async ValueTask ExpectAsync(Socket socket, char expected, CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end < 0)
            {
                if (_start > 0)
                    _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
                if (_end == _buffer.Length)
                    throw new UnexpectedReplyException("a reply line without end");
                var octets = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
                if (octets == 0)
                    throw new UnexpectedReplyException("the server closed the connection");
                _end += octets;
                continue;
            }

            var line = _start;
            _start += end + 1;
            if (end > 3 && _buffer[line + 3] == '-')
                continue;
            if (_buffer[line] != expected)
                throw new UnexpectedReplyException(Encoding.Latin1.GetString(_buffer, line, end).TrimEnd());
            return;
        }
    }
}

internal sealed class UnexpectedReplyException(string reply) : Exception(reply);
