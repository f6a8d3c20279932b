using System.Runtime.InteropServices;

namespace MailSuite.Shared.Content;

/// <summary>A message in memory.</summary>
public sealed class MemoryContent(ReadOnlyMemory<byte> message) : IMessageContent
{
    public long Octets => message.Length;

    public bool TryGetMemory(out ReadOnlyMemory<byte> octets)
    {
        octets = message;
        return true;
    }

    public Stream OpenRead() => MemoryMarshal.TryGetArray(message, out var segment)
        ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
        : new MemoryStream(message.ToArray(), writable: false);
}
