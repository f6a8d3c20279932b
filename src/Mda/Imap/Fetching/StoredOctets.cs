using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>The octets of a message in memory, which lie in two pieces: what was put in front at delivery, and what came.</summary>
internal readonly ref struct StoredOctets(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> rest)
{
    private readonly ReadOnlySpan<byte> _prefix = prefix;
    private readonly ReadOnlySpan<byte> _rest = rest;

    internal int Length => _prefix.Length + _rest.Length;

    /// <summary>Takes the message apart.</summary>
    internal WireFacts Derive() => WireFacts.Of(_prefix, _rest);

    /// <param name="range">Within <see cref="Length"/>, as everywhere here.</param>
    internal void Write(ImapWriter writer, OctetRange range)
    {
        Slice(range, out var first, out var second);
        writer.Raw(first).Raw(second);
    }

    /// <summary>Some octets in one piece.</summary>
    /// <param name="scratch">Takes those that are not; what was in it is gone.</param>
    internal ReadOnlySpan<byte> Read(OctetRange range, OctetBuffer scratch)
    {
        Slice(range, out var first, out var second);
        if (first.IsEmpty)
            return second;
        if (second.IsEmpty)
            return first;
        scratch.Truncate(0);
        scratch.Append(first);
        scratch.Append(second);
        return scratch.Written;
    }

    private void Slice(OctetRange range, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        var start = (int)range.Start;
        var end = start + (int)range.Length;
        first = start < _prefix.Length ? _prefix[start..Math.Min(end, _prefix.Length)] : default;
        second = end > _prefix.Length ? _rest[Math.Max(start - _prefix.Length, 0)..(end - _prefix.Length)] : default;
    }
}
