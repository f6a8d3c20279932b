using System.Buffers;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap;

/// <summary>Where the reading of a command has come to.</summary>
internal enum CommandPart
{
    /// <summary>The command is whole.</summary>
    Whole,

    /// <summary>A literal is announced and not read: <see cref="ImapCommandReader.Literal"/>.</summary>
    Literal,

    /// <summary>The line is longer than is taken; the rest of it was not read.</summary>
    TooLong,

    /// <summary>An LF without its CR.</summary>
    BareLineEnding,

    /// <summary>Nothing was read: the session was woken, its time is up, or the program ends.</summary>
    Interrupted,

    /// <summary>The time for the rest of a command is up, or the program ends in the middle of it.</summary>
    CutOff,

    EndOfStream,
}

/// <summary>Reads commands into one buffer, line by line and literal by literal, none beyond its limit. While nothing has come it has no buffer.</summary>
internal sealed class ImapCommandReader(ImapConnection connection, ImapOptions options)
{
    private const int LeastOctets = 512;

    private byte[] _buffer = [];
    private int _length;
    private int _lineStart;
    private int _literalOctets;

    /// <summary>The command so far, without the CRLF of its last line; valid until the next command is begun.</summary>
    public ReadOnlyMemory<byte> Octets => _buffer.AsMemory(0, _length);

    /// <summary>The literal that was announced last.</summary>
    public LiteralHeader Literal { get; private set; }

    /// <summary>Octets read since the session began.</summary>
    public long Total { get; private set; }

    /// <summary>Waits for the next command, up to the end of its first line.</summary>
    /// <param name="patience">How long to wait for its first octet.</param>
    public async ValueTask<CommandPart> BeginAsync(TimeSpan patience)
    {
        Release();
        connection.SetDeadline(patience);
        return await ReadLineAsync(options.MaxLineOctets, wakes: true);
    }

    /// <summary>Waits for a line that is no command: an answer to a challenge, or DONE. It is read behind the command.</summary>
    /// <returns>The line is <see cref="Line"/> when it is <see cref="CommandPart.Whole"/>; braces mean nothing in it.</returns>
    public async ValueTask<CommandPart> ReadAnswerAsync(TimeSpan patience, int maxOctets)
    {
        connection.SetDeadline(patience);
        _length = _lineStart;
        var part = await ReadLineAsync(maxOctets, wakes: true);
        return part == CommandPart.Literal ? CommandPart.Whole : part;
    }

    /// <summary>The line that was read last, without its CRLF.</summary>
    public ReadOnlyMemory<byte> Line => _buffer.AsMemory(_lineStart, _length - _lineStart);

    /// <summary>From here on lines are answers, which are kept behind what is there.</summary>
    public void Mark() => _lineStart = _length;

    /// <summary>Whether the announced literal is within the limits.</summary>
    public bool MayTakeLiteral => Literal.Octets <= options.MaxLiteralOctets && Literal.Octets <= options.MaxCommandOctets - _length;

    /// <summary>Whether the announced literal is within the limit of messages.</summary>
    public bool MayTakeMessage => Literal.Octets <= options.MaxMessageOctets;

    /// <summary>Reads the announced literal into the command, and what follows it up to the next line end.</summary>
    public async ValueTask<CommandPart> TakeLiteralAsync()
    {
        var octets = (int)Literal.Octets;
        Append("\r\n"u8);
        Ensure(octets);
        _literalOctets += octets + 2;
        while (octets > 0)
        {
            connection.SetDeadline(options.TransferTimeout);
            var read = await connection.ReadAsync();
            var part = read.Buffer.Length > octets ? read.Buffer.Slice(0, octets) : read.Buffer;
            part.CopyTo(_buffer.AsSpan(_length));
            _length += (int)part.Length;
            octets -= (int)part.Length;
            Total += part.Length;
            connection.Consume(part.End, part.End);
            if (octets > 0 && Ends(read.IsCompleted, read.IsCanceled) is { } end)
                return end;
        }

        return await ReadMoreAsync();
    }

    /// <summary>Reads on behind a literal that somebody else has read.</summary>
    public ValueTask<CommandPart> ReadMoreAsync()
    {
        _lineStart = _length;
        connection.SetDeadline(options.TransferTimeout);
        return ReadLineAsync(options.MaxLineOctets + _literalOctets - _length, wakes: false);
    }

    /// <summary>Reads on behind a literal that somebody else has read; the line takes the place of the one before, behind the <see cref="Mark"/>.</summary>
    public ValueTask<CommandPart> ReadNextAsync()
    {
        connection.SetDeadline(options.TransferTimeout);
        _length = _lineStart;
        return ReadLineAsync(options.MaxLineOctets, wakes: false);
    }

    /// <summary>Reads the octets of an announced literal, which are not put into the command.</summary>
    /// <param name="take">Gets them as they come; what it waits for holds the client up.</param>
    /// <returns>Whether all have come; if not, the client is gone, too slow, or the program ends.</returns>
    public async ValueTask<bool> ReadLiteralAsync(Func<ReadOnlySequence<byte>, ValueTask> take)
    {
        for (var octets = Literal.Octets; octets > 0;)
        {
            connection.SetDeadline(options.TransferTimeout);
            var read = await connection.ReadAsync();
            var part = read.Buffer.Length > octets ? read.Buffer.Slice(0, octets) : read.Buffer;
            var length = part.Length;
            try
            {
                if (length > 0)
                    await take(part);
            }
            finally
            {
                connection.Consume(part.End, part.End);
            }

            octets -= length;
            Total += length;
            if (octets > 0 && Ends(read.IsCompleted, read.IsCanceled) is not null)
                return false;
        }

        return true;
    }

    /// <summary>Throws away the rest of a command of which nothing is wanted any more, behind an announced literal.</summary>
    /// <param name="maxOctets">Octets at most.</param>
    /// <returns><see cref="CommandPart.Whole"/> when the next command can be read; <see cref="CommandPart.TooLong"/> beyond the limit.</returns>
    public async ValueTask<CommandPart> SkipRestAsync(long maxOctets)
    {
        while (true)
        {
            // A client that waits to be asked for a literal hears the answer instead, and sends it no more (RFC 9051 §4.3).
            if (Literal.IsSynchronizing)
                return CommandPart.Whole;
            if (Literal.Octets > maxOctets)
                return CommandPart.TooLong;

            maxOctets -= Literal.Octets;
            if (!await ReadLiteralAsync(static _ => ValueTask.CompletedTask))
                return CommandPart.CutOff;
            var part = await ReadMoreAsync();
            if (part != CommandPart.Literal)
                return part;
        }
    }

    /// <summary>Throws away the rest of a line that was too long.</summary>
    /// <returns><see cref="CommandPart.TooLong"/> when it does not end within the limit.</returns>
    public async ValueTask<CommandPart> SkipLineAsync(long maxOctets)
    {
        while (maxOctets > 0)
        {
            connection.SetDeadline(options.TransferTimeout);
            var read = await connection.ReadAsync();
            var end = read.Buffer.PositionOf((byte)'\n');
            var skipped = end is { } lineFeed ? read.Buffer.Slice(0, read.Buffer.GetPosition(1, lineFeed)) : read.Buffer;
            maxOctets -= skipped.Length;
            Total += skipped.Length;
            connection.Consume(skipped.End, skipped.End);
            if (end is not null)
                return CommandPart.Whole;
            if (Ends(read.IsCompleted, read.IsCanceled) is { } over)
                return over;
        }

        return CommandPart.TooLong;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _length = _lineStart = _literalOctets = 0;
    }

    /// <param name="wakes">Whether news may end the waiting for its first octet. Behind a literal they must not: the command is under way.</param>
    private async ValueTask<CommandPart> ReadLineAsync(int maxOctets, bool wakes)
    {
        while (true)
        {
            var read = await connection.ReadAsync();
            var buffer = read.Buffer;
            var isFirst = _length == _lineStart;
            if (buffer.IsEmpty)
            {
                connection.Consume(buffer.End, buffer.End);
                if (read.IsCompleted)
                    return CommandPart.EndOfStream;
                if (wakes && isFirst && read.IsCanceled)
                    return CommandPart.Interrupted;
                if (Ends(isCompleted: false, read.IsCanceled) is { } over)
                    return over;
                continue;
            }

            if (isFirst)
                connection.SetDeadline(options.TransferTimeout);
            var lineFeed = buffer.PositionOf((byte)'\n');
            var line = lineFeed is { } at ? buffer.Slice(0, buffer.GetPosition(1, at)) : buffer;
            // The CRLF counts, as in other limits of lines.
            if (line.Length > maxOctets - (_length - _lineStart))
            {
                var taken = line.Slice(0, maxOctets - (_length - _lineStart));
                Append(taken);
                connection.Consume(taken.End, taken.End);
                return CommandPart.TooLong;
            }

            Append(line);
            connection.Consume(line.End, line.End);
            if (lineFeed is not null)
                return EndLine();
            if (Ends(read.IsCompleted, read.IsCanceled) is { } end)
                return end;
        }
    }

    private CommandPart EndLine()
    {
        _length--;
        if (_length == _lineStart || _buffer[_length - 1] != '\r')
            return CommandPart.BareLineEnding;

        _length--;
        if (!LiteralHeader.TryParseEnd(Line.Span, out var literal))
            return CommandPart.Whole;
        Literal = literal;
        return CommandPart.Literal;
    }

    private CommandPart? Ends(bool isCompleted, bool isCanceled)
    {
        if (isCompleted)
            return CommandPart.EndOfStream;
        return isCanceled && (connection.IsTimeOver || connection.IsStopping) ? CommandPart.CutOff : null;
    }

    private void Append(ReadOnlySequence<byte> octets)
    {
        var length = (int)octets.Length;
        Ensure(length);
        octets.CopyTo(_buffer.AsSpan(_length));
        _length += length;
        Total += length;
    }

    private void Append(ReadOnlySpan<byte> octets)
    {
        Ensure(octets.Length);
        octets.CopyTo(_buffer.AsSpan(_length));
        _length += octets.Length;
    }

    private void Ensure(int octets)
    {
        if (_buffer.Length - _length >= octets)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(LeastOctets, _length + octets));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = larger;
    }
}
