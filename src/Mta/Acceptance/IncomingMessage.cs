using System.Buffers;
using MailSuite.Shared.Content;

namespace MailSuite.Mta.Acceptance;

/// <summary>A message that is arriving: in pooled memory, and above a limit in a file. Once complete it is read as one, trace fields first.</summary>
/// <remarks>
/// Room is left in front of the first octet, in memory and in the file: the trace fields are written there when the message is known, and
/// nothing is moved. Disposing gives the memory back and removes the file.
/// </remarks>
internal sealed class IncomingMessage : IBufferWriter<byte>, IMessageContent, IDisposable
{
    /// <summary>Octets in front for trace fields; the longest that <see cref="TraceFields"/> can make is shorter.</summary>
    internal const int HeadroomOctets = 2560;

    private static ReadOnlySpan<byte> EmptyLine => "\r\n\r\n"u8;

    private const int FirstOctets = 16 * 1024;

    /// <summary>How much memory the client's word about the size is worth.</summary>
    private const int MaxFirstOctets = 64 * 1024;

    /// <summary>Octets that are collected before they are written to the file.</summary>
    private const int BlockOctets = 64 * 1024;

    private readonly IncomingDirectory _directory;
    private readonly int _spillOctets;
    private readonly int _maxHeaderOctets;
    private int _searched;
    private byte[] _memory;
    private int _end = HeadroomOctets;
    private int _first = HeadroomOctets;
    private int _start = HeadroomOctets;
    private FileStream? _file;
    private long _written;
    private HeaderScan? _header;

    /// <param name="expectedOctets">What the client says of its size; 0 when it says nothing.</param>
    /// <param name="maxHeaderOctets">Of a header up to this size all is looked at, wherever the message is held; 0 where nobody looks.</param>
    public IncomingMessage(IncomingDirectory directory, int spillOctets, long expectedOctets, int maxHeaderOctets = 0)
    {
        _maxHeaderOctets = maxHeaderOctets;
        _directory = directory;
        _spillOctets = spillOctets;
        _memory = ArrayPool<byte>.Shared.Rent(HeadroomOctets + (int)Math.Clamp(expectedOctets + 512, FirstOctets, MaxFirstOctets));
    }

    /// <summary>Octets so far; of a complete message with its trace fields.</summary>
    public long Octets => _written + _end - _start;

    /// <summary>The fields of the header that matter here. Of a header that is too large for any message its first part is looked at.</summary>
    public HeaderScan Header => _header ??= HeaderScan.Of(_memory.AsSpan(HeadroomOctets, _end - HeadroomOctets));

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _memory.Length - _end);
        _end += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _memory.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _memory.AsSpan(_end);
    }

    /// <summary>Moves what is too much for memory into the file; called between the parts that arrive.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public ValueTask SpillAsync()
    {
        var limit = _file is null ? _spillOctets : BlockOctets;
        return _end - HeadroomOctets > limit && (_file is not null || HasWholeHeader()) ? WriteAsync() : ValueTask.CompletedTask;
    }

    /// <summary>All octets are here: what lies in the file is whole, and the message can be read.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public ValueTask EndAsync() => _file is not null && _end > HeadroomOctets ? WriteAsync() : ValueTask.CompletedTask;

    /// <summary>
    /// Takes fields out of the header, once all octets are here: what stands in front of them moves back over them, the rest stays where it is.
    /// </summary>
    /// <remarks>The header ends within <see cref="HeaderPart.MaxOctets"/>.</remarks>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public async ValueTask RemoveFieldsAsync(FieldNameTest isUnwanted)
    {
        if (_file is null)
        {
            _first += HeaderPart.Remove(_memory.AsSpan(HeadroomOctets, _end - HeadroomOctets), isUnwanted, out _);
        }
        else
        {
            var octets = new byte[(int)Math.Min(_written, HeaderPart.MaxOctets)];
            await using (var stream = OpenRead())
                await stream.ReadExactlyAsync(octets);
            var removed = HeaderPart.Remove(octets, isUnwanted, out var end);
            if (removed > 0)
                await RandomAccess.WriteAsync(_file.SafeFileHandle, octets.AsMemory(removed, end - removed), HeadroomOctets + removed);
            _first += removed;
        }

        _start = _first;
    }

    /// <summary>Puts the trace fields in front. From here on this is the message, and it does not change any more.</summary>
    /// <param name="traceFields">At most <see cref="HeadroomOctets"/>.</param>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public async ValueTask CompleteAsync(ReadOnlyMemory<byte> traceFields)
    {
        if (_file is null)
        {
            _start = _first - traceFields.Length;
            traceFields.CopyTo(_memory.AsMemory(_start));
            return;
        }

        await EndAsync();
        await RandomAccess.WriteAsync(_file.SafeFileHandle, traceFields, _first - traceFields.Length);
        _start = _first - traceFields.Length;
    }

    public bool TryGetMemory(out ReadOnlyMemory<byte> octets)
    {
        octets = _file is null ? _memory.AsMemory(_start, _end - _start) : default;
        return _file is null;
    }

    public Stream OpenRead()
    {
        if (_file is null)
            return new MemoryStream(_memory, _start, _end - _start, writable: false);

        return new FileStream(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BlockOctets, FileOptions.Asynchronous | FileOptions.SequentialScan)
        {
            Position = _start,
        };
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = [];
        _file?.Dispose();
    }

    /// <summary>Whether the header has ended, or is longer than any may be.</summary>
    private bool HasWholeHeader()
    {
        var octets = _memory.AsSpan(HeadroomOctets, _end - HeadroomOctets);
        if (octets.Length > _maxHeaderOctets + EmptyLine.Length || octets.StartsWith("\r\n"u8) || octets[_searched..].IndexOf(EmptyLine) >= 0)
            return true;

        _searched = Math.Max(0, octets.Length - EmptyLine.Length + 1);
        return false;
    }

    private async ValueTask WriteAsync()
    {
        _ = Header;
        _file ??= _directory.Create();
        var octets = _memory.AsMemory(HeadroomOctets, _end - HeadroomOctets);
        await RandomAccess.WriteAsync(_file.SafeFileHandle, octets, HeadroomOctets + _written);
        _written += octets.Length;
        _end = HeadroomOctets;
    }

    private void Reserve(int sizeHint)
    {
        var needed = _end + Math.Max(sizeHint, 1);
        if (needed <= _memory.Length)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _memory.Length * 2));
        _memory.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = larger;
    }
}
