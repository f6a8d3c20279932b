namespace MailSuite.Shared.Content;

/// <summary>A message with trace fields put in front of it (RFC 5321 §4.4), without copying a body that lies in a file.</summary>
public sealed class PrefixedContent : IMessageContent
{
    private readonly ReadOnlyMemory<byte> _prefix;
    private readonly IMessageContent _rest;
    private readonly Lazy<ReadOnlyMemory<byte>>? _whole;

    public PrefixedContent(ReadOnlyMemory<byte> prefix, IMessageContent rest)
    {
        _prefix = prefix;
        _rest = rest;
        if (rest.TryGetMemory(out var memory))
            _whole = new Lazy<ReadOnlyMemory<byte>>(() => Join(prefix, memory));
    }

    public long Octets => _prefix.Length + _rest.Octets;

    public bool TryGetMemory(out ReadOnlyMemory<byte> octets)
    {
        octets = _whole is null ? default : _whole.Value;
        return _whole is not null;
    }

    public Stream OpenRead() => TryGetMemory(out var octets)
        ? new MemoryContent(octets).OpenRead()
        : new ConcatenatedStream(_prefix, _rest.OpenRead());

    private static byte[] Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        var whole = GC.AllocateUninitializedArray<byte>(first.Length + second.Length);
        first.CopyTo(whole);
        second.CopyTo(whole.AsMemory(first.Length));
        return whole;
    }
}
