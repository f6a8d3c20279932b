using System.Globalization;
using System.Text;

namespace MailSuite.Testing;

/// <summary>An IMAP client that hides nothing: commands as they are written, answers as values (RFC 9051 §4).</summary>
/// <remarks>Octets are Latin-1 characters, so that every octet has one.</remarks>
public sealed class ImapTalk(Stream input, Stream output)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _at;
    private int _end;
    private int _tag;

    public Task<ImapValue> GreetingAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Sends a command, which must be answered with OK.</summary>
    /// <param name="literal">Sent behind it as a literal without waiting (RFC 7888).</param>
    /// <returns>The untagged responses; the first value of each is <c>*</c>.</returns>
    public async Task<IReadOnlyList<ImapValue>> CommandAsync(string command, CancellationToken cancellationToken, ReadOnlyMemory<byte>? literal = null)
    {
        var (tagged, untagged) = await TryCommandAsync(command, cancellationToken, literal);
        return tagged.Items![1].Text == "OK" ? untagged : throw new InvalidOperationException($"{command}: {tagged}");
    }

    /// <summary>Sends a command and gives its tagged response, whatever it is, and the untagged ones.</summary>
    public async Task<(ImapValue Tagged, IReadOnlyList<ImapValue> Untagged)> TryCommandAsync(string command, CancellationToken cancellationToken, ReadOnlyMemory<byte>? literal = null)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"t{++_tag}");
        var line = literal is { } octets ? $"{tag} {command} {{{octets.Length}+}}\r\n" : $"{tag} {command}\r\n";
        await output.WriteAsync(Encoding.Latin1.GetBytes(line), cancellationToken);
        if (literal is { } sent)
        {
            await output.WriteAsync(sent, cancellationToken);
            await output.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
        var untagged = new List<ImapValue>();
        while (true)
        {
            var response = await ReadAsync(cancellationToken);
            if (response.Items![0].Text == tag)
                return (response, untagged);
            if (response.Items[0].Text == "*")
                untagged.Add(response);
        }
    }

    /// <summary>Fetches items of one message.</summary>
    /// <returns>The values by their names in capitals; of an item that was refused nothing.</returns>
    public async Task<IReadOnlyDictionary<string, ImapValue>> FetchAsync(int number, string items, CancellationToken cancellationToken)
    {
        var (_, untagged) = await TryCommandAsync(string.Create(CultureInfo.InvariantCulture, $"FETCH {number} ({items})"), cancellationToken);
        var found = new Dictionary<string, ImapValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var response in untagged)
        {
            if (response.Items is not [_, _, { Text: "FETCH" }, { Items: { } pairs }])
                continue;
            for (var i = 0; i + 1 < pairs.Count; i += 2)
                found[pairs[i].Text!] = pairs[i + 1];
        }

        return found;
    }

    /// <summary>Reads one response with its literals.</summary>
    private async Task<ImapValue> ReadAsync(CancellationToken cancellationToken)
    {
        var items = new List<ImapValue>();
        var open = new Stack<List<ImapValue>>();
        while (true)
        {
            var octet = await NextAsync(cancellationToken);
            switch (octet)
            {
                case ' ' or '\r':
                    break;
                case '\n':
                    return new ImapValue(null, open.Count > 0 ? open.Last() : items);
                case '(':
                    open.Push(items);
                    items = [];
                    break;
                case ')' when open.Count > 0:
                    var list = new ImapValue(null, items);
                    items = open.Pop();
                    items.Add(list);
                    break;
                case '"':
                    items.Add(await QuotedAsync(cancellationToken));
                    break;
                case '{':
                    items.Add(await LiteralAsync(cancellationToken));
                    break;
                case '~':
                    break;
                default:
                    items.Add(await AtomAsync((char)octet, cancellationToken));
                    break;
            }
        }
    }

    private async Task<ImapValue> QuotedAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        for (var octet = await NextAsync(cancellationToken); octet != '"'; octet = await NextAsync(cancellationToken))
            text.Append((char)(octet == '\\' ? await NextAsync(cancellationToken) : octet));
        return new ImapValue(text.ToString(), null) { IsString = true };
    }

    private async Task<ImapValue> LiteralAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        for (var octet = await NextAsync(cancellationToken); octet != '}'; octet = await NextAsync(cancellationToken))
            length = length * 10 + octet - '0';
        while (await NextAsync(cancellationToken) != '\n')
        {
        }

        var text = new StringBuilder(length);
        while (length-- > 0)
            text.Append((char)await NextAsync(cancellationToken));
        return new ImapValue(text.ToString(), null) { IsString = true };
    }

    /// <summary>What is between brackets belongs to it, blanks and lists too: <c>BODY[HEADER.FIELDS (DATE)]</c>.</summary>
    private async Task<ImapValue> AtomAsync(char first, CancellationToken cancellationToken)
    {
        var text = new StringBuilder().Append(first);
        var depth = first == '[' ? 1 : 0;
        while (true)
        {
            var octet = await PeekAsync(cancellationToken);
            if (octet is '\r' or '\n' || depth == 0 && octet is ' ' or '(' or ')' && depth == 0)
                break;
            depth += octet == '[' ? 1 : octet == ']' ? -1 : 0;
            text.Append((char)octet);
            _at++;
        }

        return new ImapValue(text.ToString(), null);
    }

    private async ValueTask<int> NextAsync(CancellationToken cancellationToken)
    {
        var octet = await PeekAsync(cancellationToken);
        _at++;
        return octet;
    }

    private async ValueTask<int> PeekAsync(CancellationToken cancellationToken)
    {
        if (_at == _end)
        {
            _at = 0;
            _end = await input.ReadAsync(_buffer, cancellationToken);
            if (_end == 0)
                throw new EndOfStreamException("The server closed the connection.");
        }

        return _buffer[_at];
    }
}

/// <summary>An atom, a string or a list of an IMAP response.</summary>
public sealed record ImapValue(string? Text, IReadOnlyList<ImapValue>? Items)
{
    /// <summary>Whether it came quoted or as a literal, which is the same.</summary>
    public bool IsString { get; init; }

    public bool IsNil => !IsString && Items is null && string.Equals(Text, "NIL", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads values as a server would send them.</summary>
    public static async Task<ImapValue> ParseAsync(byte[] wire)
    {
        using var stream = new MemoryStream([.. wire, (byte)'\r', (byte)'\n']);
        return (await new ImapTalk(stream, Stream.Null).GreetingAsync(CancellationToken.None)).Items![0];
    }

    /// <summary>One text for each value, however it was sent: to compare and to show.</summary>
    public override string ToString() => Items is { } items
        ? $"({string.Join(' ', items)})"
        : IsString ? $"\"{Text!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : Text!;
}
