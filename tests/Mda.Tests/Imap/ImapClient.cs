using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net.Security;
using System.Text;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>A small client of IMAP for tests: says a command and gives back what came of it, literals in their places.</summary>
internal sealed class ImapClient : IAsyncDisposable
{
    /// <summary>Real time, so that a server that never answers fails its test and does not hang it.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(20);

    private readonly ConnectedTransports _transports;
    private readonly CancellationTokenSource _guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private PipeReader _input;
    private Stream? _deflating;
    private int _tags;

    public ImapClient(ConnectedTransports transports, Task serving)
    {
        _transports = transports;
        _input = transports.Client.Input;
        Serving = serving;
    }

    /// <summary>The server's side; done when the session has ended.</summary>
    public Task Serving { get; }

    public IMailTransport Transport => _transports.Client;

    /// <summary>Says a command with the next tag and reads up to its answer.</summary>
    /// <param name="command">May have literals inside: non-synchronising ones as they are. CRLF is added.</param>
    /// <returns>Every response, the tagged one last; without their CRLF.</returns>
    public async Task<IReadOnlyList<string>> CommandAsync(string command)
    {
        var tag = await BeginAsync(command);
        return await EndAsync(tag);
    }

    /// <summary>Says a command and does not wait for its answer.</summary>
    /// <returns>Its tag.</returns>
    public async Task<string> BeginAsync(string command)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"A{++_tags}");
        await SendAsync($"{tag} {command}\r\n");
        return tag;
    }

    /// <summary>Reads up to the answer to a command.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(string tag)
    {
        var responses = new List<string>();
        do
        {
            responses.Add(await ReadAsync() ?? throw new InvalidOperationException($"The server closed before it answered {tag}:\n{string.Join('\n', responses)}"));
        }
        while (!responses[^1].StartsWith(tag + " ", StringComparison.Ordinal));
        return responses;
    }

    /// <summary>Says a command that must be answered OK.</summary>
    /// <returns>The untagged responses without <c>* </c>.</returns>
    public async Task<IReadOnlyList<string>> OkAsync(string command)
    {
        var responses = await CommandAsync(command);
        Assert.True(Kind(responses[^1]) == "OK", $"{command}\n{string.Join('\n', responses)}");
        return [.. responses.SkipLast(1).Select(response => response.StartsWith("* ", StringComparison.Ordinal) ? response[2..] : response)];
    }

    /// <summary>Says a command that must be answered OK.</summary>
    /// <returns>The tagged answer without its tag: <c>OK [READ-WRITE] …</c>.</returns>
    public Task<string> AnswerOkAsync(string command) => AnswerAsync(command, "OK");

    /// <summary>Says a command that must be answered NO.</summary>
    public Task<string> NoAsync(string command) => AnswerAsync(command, "NO");

    /// <summary>Says a command that must be answered BAD.</summary>
    public Task<string> BadAsync(string command) => AnswerAsync(command, "BAD");

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] octets)
    {
        if (_deflating is null)
        {
            await _transports.SendAsync(octets, Arm());
            return;
        }

        await _deflating.WriteAsync(octets, Arm());
        await _deflating.FlushAsync(Arm());
    }

    /// <summary>Compresses what is sent from here on, and decompresses what is read (RFC 4978).</summary>
    public void BeginCompression()
    {
        _input = PipeReader.Create(new DeflateStream(_input.AsStream(), CompressionMode.Decompress));
        _deflating = new DeflateStream(_transports.Client.Output.AsStream(), CompressionLevel.Fastest);
    }

    /// <summary>Reads one response with its literals; <see langword="null"/> when the server has closed.</summary>
    public async Task<string?> ReadAsync()
    {
        var octets = new List<byte>();
        while (true)
        {
            var start = octets.Count;
            if (!await ReadLineAsync(octets))
                return null;

            var line = Encoding.Latin1.GetString(octets.Skip(start).ToArray());
            if (!line.EndsWith("}\r\n", StringComparison.Ordinal) || !int.TryParse(line.AsSpan(line.LastIndexOf('{') + 1)[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
                break;
            await ReadExactlyAsync(octets, length);
        }

        var text = octets.SkipLast(2).ToArray();
        return System.Text.Unicode.Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : Encoding.Latin1.GetString(text);
    }

    public async Task BeginTlsAsync()
    {
        await _transports.Client.UpgradeToTlsAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = static (_, _, _, _) => true }, Arm());
        _input = Transport.Input;
    }

    /// <summary>Goes away, and sees that the server ends the session.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transports.Client.DisposeAsync();
        await Serving.WaitAsync(Guard);
        _guard.Dispose();
    }

    private static string Kind(string answer) => answer.Split(' ')[1];

    private async Task<string> AnswerAsync(string command, string kind)
    {
        var responses = await CommandAsync(command);
        Assert.True(Kind(responses[^1]) == kind, $"{command}\n{string.Join('\n', responses)}");
        return responses[^1][(responses[^1].IndexOf(' ', StringComparison.Ordinal) + 1)..];
    }

    private CancellationToken Arm()
    {
        _guard.CancelAfter(Guard);
        return _guard.Token;
    }

    private async Task<bool> ReadLineAsync(List<byte> octets)
    {
        while (true)
        {
            var read = await _input.ReadAsync(Arm());
            if (System.Buffers.BuffersExtensions.PositionOf(read.Buffer, (byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, read.Buffer.GetPosition(1, end));
                octets.AddRange(System.Buffers.BuffersExtensions.ToArray(line));
                _input.AdvanceTo(line.End);
                return true;
            }

            _input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return false;
        }
    }

    private async Task ReadExactlyAsync(List<byte> octets, int length)
    {
        while (length > 0)
        {
            var read = await _input.ReadAsync(Arm());
            var part = read.Buffer.Length > length ? read.Buffer.Slice(0, length) : read.Buffer;
            octets.AddRange(System.Buffers.BuffersExtensions.ToArray(part));
            length -= (int)part.Length;
            _input.AdvanceTo(part.End);
            if (read.IsCompleted && length > 0)
                throw new InvalidOperationException("The server closed within a literal.");
        }
    }
}
