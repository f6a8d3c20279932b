using System.Buffers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Testing.Misbehaving;

/// <summary>The server's side of one connection, as the words of a script. The client's leaving ends the script with an exception.</summary>
public sealed class ServerTalk : IAsyncDisposable
{
    private const int MaxMessageOctets = 64 * 1024 * 1024;

    private readonly ScriptedServer _server;
    private readonly Socket _socket;
    private readonly PipeTransport _transport;
    private readonly CancellationToken _end;
    private LineReader _lines;
    private bool _gone;

    internal ServerTalk(ScriptedServer server, Socket socket, CancellationToken end)
    {
        (_server, _socket, _end) = (server, socket, end);
        _transport = PipeTransport.Over(socket);
        _lines = new LineReader(_transport, 4096);
    }

    /// <summary>The keywords of the answer to EHLO.</summary>
    public IReadOnlyList<string> Extensions { get; set; } = ["PIPELINING", "SIZE 50000000", "8BITMIME", "ENHANCEDSTATUSCODES"];

    /// <summary>The answer to EHLO.</summary>
    public string Hello
    {
        get
        {
            string[] lines = ["peer.test", .. Extensions];
            return string.Join("\r\n", lines.Select((line, i) => $"250{(i < lines.Length - 1 ? '-' : ' ')}{line}"));
        }
    }

    /// <summary>Sends characters as octets, and nothing more.</summary>
    public async Task SendAsync(string text)
    {
        var octets = Encoding.Latin1.GetBytes(text);
        await _transport.Output.WriteAsync(octets, _end);
        _server.Sent(octets.Length);
    }

    /// <summary>Sends lines, the last one ended too.</summary>
    public Task SayAsync(string reply) => SendAsync(reply + "\r\n");

    /// <summary>Sends lines an octet at a time, each in a segment of its own.</summary>
    public async Task DribbleAsync(string reply)
    {
        foreach (var octet in reply + "\r\n")
        {
            await SendAsync(octet.ToString());
            await Task.Yield();
        }
    }

    /// <summary>Sends the same again and again until the client goes.</summary>
    public async Task RepeatForEverAsync(string text)
    {
        while (true)
            await SendAsync(text);
    }

    /// <summary>Waits for a command.</summary>
    public async Task<string> HearAsync()
    {
        var read = await _lines.ReadAsync(_end);
        if (read.Outcome != LineOutcome.Line)
            throw new IOException($"No command: {read.Outcome}.");
        var line = Encoding.Latin1.GetString(read.Octets.Span);
        _server.Heard(line);
        return line;
    }

    /// <summary>Waits for the message and its dot.</summary>
    public async Task TakeMessageAsync()
    {
        var decoder = new DotDecoder(MaxMessageOctets);
        var message = new ArrayBufferWriter<byte>();
        var outcome = DotOutcome.More;
        while (outcome == DotOutcome.More)
        {
            var read = await _transport.Input.ReadAsync(_end);
            var consumed = 0L;
            foreach (var segment in read.Buffer)
            {
                outcome = decoder.Decode(segment.Span, message, out var octets);
                consumed += octets;
                if (outcome != DotOutcome.More)
                    break;
            }

            _transport.Input.AdvanceTo(read.Buffer.GetPosition(consumed));
            if (read.IsCompleted && outcome == DotOutcome.More)
                throw new IOException("The client left in the middle of the message.");
        }

        if (outcome != DotOutcome.End)
            throw new InvalidOperationException($"No message: {outcome}.");
        _server.Took(message.WrittenSpan.ToArray());
    }

    /// <summary>Waits for some octets of the message and no more.</summary>
    public async Task TakeOctetsAsync(int octets)
    {
        var read = await _transport.Input.ReadAtLeastAsync(octets, _end);
        if (read.Buffer.Length < octets)
            throw new IOException("The client left in the middle of the message.");
        _transport.Input.AdvanceTo(read.Buffer.GetPosition(octets));
    }

    /// <summary>Serves as any server does, greeting and QUIT included, until a command that begins so has come, which is left unanswered.</summary>
    /// <param name="stop">The beginning of the command; <c>.</c> for the end of the message, <see langword="null"/> for never.</param>
    /// <param name="answer">Another answer than the usual one.</param>
    /// <returns>The command.</returns>
    public async Task<string> ServeAsync(string? stop = null, Func<string, string?>? answer = null, bool greet = true)
    {
        if (greet)
            await SayAsync("220 peer.test ESMTP");
        while (true)
        {
            var command = await HearAsync();
            if (stop is not null && command.StartsWith(stop, StringComparison.Ordinal))
                return command;

            var reply = answer?.Invoke(command) ?? Usual(command);
            await SayAsync(reply);
            if (command == "DATA" && reply.StartsWith("354", StringComparison.Ordinal))
            {
                await TakeMessageAsync();
                if (stop == ".")
                    return ".";
                await SayAsync(answer?.Invoke(".") ?? "250 2.0.0 taken");
            }
            else if (command == "QUIT")
            {
                return command;
            }
        }
    }

    /// <summary>The server's part of a handshake.</summary>
    public async Task UpgradeAsync(X509Certificate2 certificate)
    {
        await _transport.UpgradeToTlsAsync(new SelfSignedTls(certificate), _end);
        _lines = new LineReader(_transport, 4096);
    }

    /// <summary>Says nothing and takes all that comes, until the client goes.</summary>
    public async Task FallSilentAsync()
    {
        using var waiting = _server.Waiting();
        while (true)
        {
            var read = await _transport.Input.ReadAsync(_end);
            _transport.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                throw new IOException("The client is gone.");
        }
    }

    /// <summary>Waits until the client has made up its mind about what it was told.</summary>
    public Task UntilSettledAsync() => _server.Settled;

    /// <summary>Says nothing and takes nothing, so that the client's octets stay where they are.</summary>
    public async Task GoDeafAsync()
    {
        using var waiting = _server.Waiting();
        await _server.Settled;
    }

    /// <summary>Says nothing and takes an octet now and then.</summary>
    public async Task SipAsync()
    {
        using var waiting = _server.Waiting();
        while (!_server.Settled.IsCompleted)
        {
            await TakeOctetsAsync(1);
            await Task.Delay(5, _end);
        }
    }

    /// <summary>Says no more; what the client still sends is taken until it closes too.</summary>
    public async Task HangUpAsync()
    {
        _gone = true;
        _socket.Shutdown(SocketShutdown.Send);
        var octets = new byte[64 * 1024];
        while (await _socket.ReceiveAsync(octets, _end) > 0)
        {
        }
    }

    /// <summary>Breaks the connection, as a host that has lost its memory does.</summary>
    public void Reset()
    {
        _gone = true;
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _socket.Dispose();
    }

    /// <summary>After the script: hangs up, unless that is done.</summary>
    internal async Task LetGoAsync()
    {
        if (!_gone)
            await HangUpAsync();
    }

    private string Usual(string command) => command.Split(' ', ':')[0] switch
    {
        "EHLO" => Hello,
        "HELO" => "250 peer.test",
        "DATA" => "354 go on",
        "QUIT" => "221 2.0.0 bye",
        "STARTTLS" => "502 5.5.1 no TLS here",
        _ => "250 2.0.0 ok",
    };
}
