using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Testing;

/// <summary>Somebody else's SMTP server on loopback: takes everything, unless a test tells it otherwise, and keeps every command and every octet.</summary>
/// <remarks>Set what it shall do before the first connection, or guard the changes yourself.</remarks>
public sealed class SmtpPeer : IAsyncDisposable
{
    /// <summary>As an answer of <see cref="OnCommand"/>: closes the connection without a word.</summary>
    public const string Drop = "(drop)";

    /// <summary>As an answer of <see cref="OnCommand"/>: says nothing and waits for the next command.</summary>
    public const string Silence = "(silence)";

    private readonly Socket _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentQueue<SmtpPeerMessage> _messages = new();
    private readonly ConcurrentQueue<string> _signedIn = new();
    private readonly ConcurrentQueue<IPAddress> _clients = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly Task _accepting;
    private int _connections;
    private int _ended;
    private int _disposed;

    /// <param name="address">An address of 127/8; several peers may share a port on different ones, as hosts of one domain do.</param>
    public SmtpPeer(IPAddress? address = null, int port = 0)
    {
        _listener = Listen(new IPEndPoint(address ?? IPAddress.Loopback, port), ProtocolType.Tcp);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <param name="path">The Unix socket on which it listens.</param>
    public SmtpPeer(string path)
    {
        _listener = Listen(new UnixDomainSocketEndPoint(path), ProtocolType.Unspecified);
        EndPoint = new IPEndPoint(IPAddress.None, 0);
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    public string Name { get; set; } = "peer.test";

    /// <summary>The whole greeting, or <see cref="Drop"/>.</summary>
    public string? Greeting { get; set; }

    /// <summary>The EHLO keywords; STARTTLS is added when there is a certificate.</summary>
    public IReadOnlyList<string> Extensions { get; set; } = ["PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

    public X509Certificate2? Certificate { get; set; }

    /// <summary>Whether TLS begins with the connection.</summary>
    public bool ImplicitTls { get; set; }

    /// <summary>Whether it speaks LMTP: a reply for each recipient, for which <see cref="OnCommand"/> is asked with <c>. RCPT TO:…</c></summary>
    public bool IsLmtp { get; set; }

    /// <summary>Who can sign in; without them AUTH is not offered.</summary>
    public FakeAccounts? Accounts { get; set; }

    /// <summary>By which mechanisms; the one that binds only over TLS.</summary>
    public IReadOnlyList<string> Mechanisms { get; set; } = SaslMechanisms.All;

    /// <summary>From which addresses it was connected to.</summary>
    public IReadOnlyList<IPAddress> Clients => [.. _clients];

    /// <summary>Who has signed in, by which mechanism.</summary>
    public IReadOnlyList<string> SignedIn => [.. _signedIn];

    /// <summary>Asked for each command; <see langword="null"/> for the usual answer. The end of a message comes as <c>.</c></summary>
    public Func<string, string?>? OnCommand { get; set; }

    /// <summary>Commands in the order in which they came, over all sessions; the end of a message is <c>.</c></summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>The messages to which it has answered 250.</summary>
    public IReadOnlyList<SmtpPeerMessage> Messages => [.. _messages];

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Whether nobody is connected; what was said before is in <see cref="Commands"/> then.</summary>
    public bool IsAlone => Volatile.Read(ref _ended) == Connections;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_sessions);
        _end.Dispose();
    }

    private static Socket Listen(EndPoint end, ProtocolType protocol)
    {
        var listener = new Socket(end.AddressFamily, SocketType.Stream, protocol);
        listener.Bind(end);
        listener.Listen();
        return listener;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_end.Token);
                if (socket.RemoteEndPoint is IPEndPoint client)
                    _clients.Enqueue(client.Address);
                Interlocked.Increment(ref _connections);
                _sessions.Add(Task.Run(() => ServeAsync(socket)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var transport = PipeTransport.Over(socket);
        try
        {
            if (ImplicitTls)
                await transport.UpgradeToTlsAsync(new SelfSignedTls(Certificate), _end.Token);
            await TalkAsync(transport);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException or InvalidOperationException or NotSupportedException)
        {
            // The client went away, or the test is over.
        }
        finally
        {
            Interlocked.Increment(ref _ended);
        }
    }

    private async Task TalkAsync(PipeTransport transport)
    {
        if (!await SayAsync(transport, Greeting ?? $"220 {Name} ESMTP"))
            return;

        var lines = new LineReader(transport, 4096);
        var reversePath = "";
        var recipients = new List<string>();
        var chunks = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await lines.ReadAsync(_end.Token);
            if (read.Outcome != LineOutcome.Line)
                return;

            var line = Encoding.UTF8.GetString(read.Octets.Span);
            _commands.Enqueue(line);
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "AUTH" && Accounts is { } accounts && OnCommand?.Invoke(line) is null)
            {
                if (!await SignInAsync(transport, lines, accounts, line.Split(' ')))
                    return;
                continue;
            }

            if (verb == "BDAT" && !await TakeChunkAsync(transport, chunks, int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)))
                return;
            var reply = OnCommand?.Invoke(line) ?? Usual(transport, verb, recipients.Count);
            if (!await SayAsync(transport, reply))
                return;

            var good = reply[0] is '2' or '3';
            switch (verb)
            {
                case "MAIL" when good:
                    reversePath = line;
                    recipients.Clear();
                    break;
                case "RCPT" when good:
                    recipients.Add(line);
                    break;
                case "RSET":
                    recipients.Clear();
                    break;
                case "DATA" when good:
                    if (!await TakeMessageAsync(transport, reversePath, [.. recipients]))
                        return;
                    recipients.Clear();
                    break;
                case "BDAT":
                    if (good && line.EndsWith(" LAST", StringComparison.Ordinal))
                        _messages.Enqueue(new SmtpPeerMessage(reversePath, [.. recipients], chunks.WrittenSpan.ToArray(), transport.Tls));
                    if (!good || line.EndsWith(" LAST", StringComparison.Ordinal))
                        chunks.Clear();
                    break;
                case "STARTTLS" when good:
                    await transport.UpgradeToTlsAsync(new SelfSignedTls(Certificate ?? throw new AuthenticationException("There is no certificate.")), _end.Token);
                    lines = new LineReader(transport, 4096);
                    break;
                case "QUIT":
                    return;
            }
        }
    }

    private string Usual(PipeTransport transport, string verb, int recipients) => verb switch
    {
        "EHLO" or "LHLO" => Capabilities(transport),
        "HELO" => $"250 {Name}",
        "DATA" => recipients > 0 ? "354 go on" : "503 5.5.1 no recipients",
        "STARTTLS" => "220 2.0.0 go on",
        "QUIT" => "221 2.0.0 bye",
        _ => "250 2.0.0 ok",
    };

    private IReadOnlyList<string> MechanismsOver(PipeTransport transport) =>
        [.. Mechanisms.Where(mechanism => mechanism != SaslMechanisms.ScramSha256Plus || transport.Tls is { Bindings.IsEmpty: false })];

    private async Task<bool> SignInAsync(PipeTransport transport, LineReader lines, FakeAccounts accounts, string[] words)
    {
        var peer = new SaslPeer(accounts, null, transport.Tls?.Bindings ?? ChannelBindings.None, MechanismsOver(transport).Contains(SaslMechanisms.ScramSha256Plus));
        if (!MechanismsOver(transport).Contains(words[1]) || !SaslExchange.TryBegin(words[1], peer, out var exchange))
            return await SayAsync(transport, "504 5.5.4 no such mechanism");

        var step = await exchange.StartAsync(words.ElementAtOrDefault(2));
        while (step is SaslStep.Challenge(var challenge))
        {
            await SayAsync(transport, $"334 {challenge}");
            var read = await lines.ReadAsync(_end.Token);
            if (read.Outcome != LineOutcome.Line)
                return false;
            step = await exchange.ContinueAsync(Encoding.UTF8.GetString(read.Octets.Span));
        }

        if (step is not SaslStep.Done(AuthenticationOutcome.Accepted(var account)))
            return await SayAsync(transport, "535 5.7.8 no");
        _signedIn.Enqueue($"{account.Address} {words[1]}");
        return await SayAsync(transport, "235 2.7.0 welcome");
    }

    private string Capabilities(PipeTransport transport)
    {
        string[] lines =
        [
            $"{Name} hello", .. Extensions, .. Certificate is null || transport.Tls is not null ? Array.Empty<string>() : ["STARTTLS"],
            .. Accounts is null ? Array.Empty<string>() : [$"AUTH {string.Join(' ', MechanismsOver(transport))}"],
        ];
        return string.Join("\r\n", lines.Select((line, i) => $"250{(i < lines.Length - 1 ? '-' : ' ')}{line}"));
    }

    private async Task<bool> TakeChunkAsync(PipeTransport transport, ArrayBufferWriter<byte> chunks, int octets)
    {
        if (octets == 0)
            return true;

        var read = await transport.Input.ReadAtLeastAsync(octets, _end.Token);
        if (read.Buffer.Length < octets)
            return false;
        chunks.Write(read.Buffer.Slice(0, octets).ToArray());
        transport.Input.AdvanceTo(read.Buffer.GetPosition(octets));
        return true;
    }

    private async Task<bool> TakeMessageAsync(PipeTransport transport, string reversePath, IReadOnlyList<string> recipients)
    {
        var decoder = new DotDecoder(1024 * 1024);
        var message = new ArrayBufferWriter<byte>();
        var outcome = DotOutcome.More;
        while (outcome == DotOutcome.More)
        {
            var read = await transport.Input.ReadAsync(_end.Token);
            var consumed = 0L;
            foreach (var segment in read.Buffer)
            {
                outcome = decoder.Decode(segment.Span, message, out var octets);
                consumed += octets;
                if (outcome != DotOutcome.More)
                    break;
            }

            transport.Input.AdvanceTo(read.Buffer.GetPosition(consumed));
            if (read.IsCompleted && outcome == DotOutcome.More)
                return false;
        }

        _commands.Enqueue(".");
        if (IsLmtp)
            return await AnswerForEachAsync(transport, reversePath, recipients, message.WrittenSpan.ToArray());

        var reply = outcome != DotOutcome.End ? $"554 5.6.0 {outcome}" : OnCommand?.Invoke(".") ?? "250 2.0.0 taken";
        if (reply[0] == '2')
            _messages.Enqueue(new SmtpPeerMessage(reversePath, recipients, message.WrittenSpan.ToArray(), transport.Tls));
        return await SayAsync(transport, reply);
    }

    private async Task<bool> AnswerForEachAsync(PipeTransport transport, string reversePath, IReadOnlyList<string> recipients, byte[] octets)
    {
        foreach (var recipient in recipients)
        {
            var reply = OnCommand?.Invoke($". {recipient}") ?? "250 2.1.5 taken";
            if (reply[0] == '2')
                _messages.Enqueue(new SmtpPeerMessage(reversePath, [recipient], octets, transport.Tls));
            if (!await SayAsync(transport, reply))
                return false;
        }

        return true;
    }

    private async Task<bool> SayAsync(PipeTransport transport, string reply)
    {
        if (reply == Drop)
            return false;
        if (reply != Silence)
            await transport.Output.WriteAsync(Encoding.UTF8.GetBytes(reply + "\r\n"), _end.Token);
        return true;
    }
}

/// <param name="Mail">The MAIL command.</param>
/// <param name="Rcpts">The RCPT commands that it answered with 250.</param>
/// <param name="Octets">The message, dot-stuffing undone.</param>
/// <param name="Tls">What TLS it came over, if any.</param>
public sealed record SmtpPeerMessage(string Mail, IReadOnlyList<string> Rcpts, byte[] Octets, TlsFacts? Tls)
{
    public string Text => Encoding.UTF8.GetString(Octets);
}
