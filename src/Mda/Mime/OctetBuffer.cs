using System.Buffers;
using System.Buffers.Text;

namespace MailSuite.Mda.Mime;

/// <summary>Octets that grow at their end; used by one thread, and again and again.</summary>
internal sealed class OctetBuffer : IBufferWriter<byte>
{
    private const int Grain = 512;

    private byte[] _octets = [];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _octets.AsSpan(0, Length);

    internal ReadOnlySpan<byte> this[Slice slice] => _octets.AsSpan(slice.Start, slice.Length);

    internal byte[] ToArray() => Written.ToArray();

    /// <summary>Forgets what was written, and gives a buffer back that one odd message had made huge.</summary>
    internal void Clear(int keep)
    {
        if (_octets.Length > keep)
            _octets = [];
        Length = 0;
    }

    internal void Truncate(int length) => Length = length;

    /// <summary>Makes room, so that octets of this very buffer can be appended to it.</summary>
    internal void Reserve(int count) => Grow(count);

    internal Slice Since(int start) => new(start, Length - start);

    internal void Append(byte octet)
    {
        if (Length == _octets.Length)
            Grow(1);
        _octets[Length++] = octet;
    }

    internal void Append(ReadOnlySpan<byte> octets)
    {
        if (_octets.Length - Length < octets.Length)
            Grow(octets.Length);
        octets.CopyTo(_octets.AsSpan(Length));
        Length += octets.Length;
    }

    internal void AppendNumber(long number)
    {
        if (_octets.Length - Length < 20)
            Grow(20);
        Utf8Formatter.TryFormat(number, _octets.AsSpan(Length), out var written);
        Length += written;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, Grain));
        return _octets.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Grow(int count)
    {
        if (_octets.Length - Length < count)
            Array.Resize(ref _octets, Math.Max(Length + count, Math.Max(Grain, _octets.Length * 2)));
    }
}

/// <summary>Where some octets lie in a buffer that still grows.</summary>
internal readonly record struct Slice(int Start, int Length);
