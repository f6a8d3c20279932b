using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MailSuite.Bench.Mailboxes.Wire;

/// <summary>A connection that sends octets, reads whole responses and remembers the last of both.</summary>
internal sealed class ImapConnection : IAsyncDisposable
{
    private const int DialogueLines = 60;
    private const int DialogueLineLength = 400;
    private const int MostResponseOctets = 64 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly Queue<string> _dialogue = new();
    private byte[] _buffer = new byte[64 * 1024];
    private int _begin;
    private int _end;

    private ImapConnection(Stream stream) => _stream = stream;

    /// <summary>The last lines of both sides, long ones cut.</summary>
    public IReadOnlyCollection<string> Dialogue => _dialogue;

    public static async Task<ImapConnection> ConnectAsync(IPEndPoint server, bool tls, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (tls)
            {
                var secure = new SslStream(stream);
                // A bench trusts whom it was told to measure.
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null }, cancellationToken);
                stream = secure;
            }

            return new ImapConnection(stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask SendAsync(string octets, CancellationToken cancellationToken)
    {
        Keep("C: ", octets);
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(octets), cancellationToken);
    }

    /// <exception cref="IOException">The server has closed the connection.</exception>
    public async Task<Answer> ReadAsync(CancellationToken cancellationToken)
    {
        var scanned = 0;
        while (true)
        {
            var length = LineFrom(scanned, out var literal);
            if (length < 0)
            {
                await FillAsync(cancellationToken);
                continue;
            }

            if (literal >= 0)
            {
                // The literal is part of the response, and so is the line behind it.
                while (_end - _begin < length + literal)
                    await FillAsync(cancellationToken);
                scanned = length + literal;
                continue;
            }

            var text = Encoding.Latin1.GetString(_buffer, _begin, length - 2);
            _begin += length;
            Keep("S: ", text);
            return Answer.Parse(text);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <returns>Octets from the beginning to the end of the line that begins at <paramref name="from"/>; −1 without one.</returns>
    private int LineFrom(int from, out int literal)
    {
        literal = -1;
        var rest = _buffer.AsSpan(_begin + from, _end - _begin - from);
        var end = rest.IndexOf("\r\n"u8);
        if (end < 0)
            return -1;
        var line = rest[..end];
        var open = line.LastIndexOf((byte)'{');
        if (line is [.., (byte)'}'] && open >= 0
            && int.TryParse(line[(open + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var octets))
            literal = octets;
        return from + end + 2;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_begin > 0 && (_end == _buffer.Length || _begin == _end))
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MostResponseOctets)
                throw new WrongAnswerException("A response without end.");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var octets = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        if (octets == 0)
            throw new IOException("The server has closed the connection.");
        _end += octets;
    }

    private void Keep(string side, string text)
    {
        var line = text.TrimEnd();
        _dialogue.Enqueue(side + (line.Length > DialogueLineLength ? string.Create(CultureInfo.InvariantCulture, $"{line.AsSpan(0, DialogueLineLength)}… ({line.Length} octets)") : line));
        if (_dialogue.Count > DialogueLines)
            _dialogue.Dequeue();
    }
}
