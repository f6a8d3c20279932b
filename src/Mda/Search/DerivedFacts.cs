using MailSuite.Mda.Mime;
using MailSuite.Shared.Content;
using MimeKit;

namespace MailSuite.Mda.Search;

/// <summary>What is derived from a message as it comes: of one in memory all but the preview of a larger one, of others the header. The rest follows behind.</summary>
/// <param name="Preview"><see langword="null"/> where it is still to be derived.</param>
/// <param name="Wire"><see langword="null"/> where it is still to be derived.</param>
/// <param name="Head">The header as FETCH gives it, trace lines and empty line included; <see langword="null"/> for a long one, which is read where it is, or where it is still to be derived.</param>
internal readonly record struct DerivedFacts(HeaderFacts Header, MessagePreview? Preview, WireFacts? Wire, byte[]? Head)
{
    /// <summary>Octets of a message whose preview is made before it is filed: most are smaller, and hostile MIME of this size delays a delivery by milliseconds at most.</summary>
    internal const int MaxOctets = 16 * 1024;

    /// <summary>Octets of a message in memory that is taken apart before it is filed: it takes microseconds, of hostile MIME some milliseconds.</summary>
    internal const int MaxWireOctets = 1024 * 1024;

    /// <summary>Octets of a header that is kept apart from its body, so that its fields are read without it.</summary>
    internal const int MaxHeadOctets = 16 * 1024;

    /// <summary>What a delivery derives of a message.</summary>
    /// <param name="prefix">The trace lines that are put in front of it.</param>
    internal static async ValueTask<DerivedFacts> ReadAsync(ReadOnlyMemory<byte> prefix, IMessageContent content, CancellationToken cancellationToken)
    {
        if (content.Octets > MaxWireOctets || !content.TryGetMemory(out var octets))
            return new DerivedFacts(await HeaderFacts.ReadAsync(content, cancellationToken), Preview: null, Wire: null, Head: null);

        var wire = WireFacts.Of(prefix.Span, octets.Span);
        var head = HeadOf(wire, prefix.Span, octets.Span);
        if (content.Octets <= MaxOctets)
        {
            await using var stream = content.OpenRead();
            if (MessagePreview.TryLoad(stream) is { } message)
                return new DerivedFacts(HeaderFacts.Of(message.Headers), MessagePreview.Of(message), wire, head);
        }

        return new DerivedFacts(HeaderFacts.Parse(octets), Preview: null, wire, head);
    }

    /// <summary>All that can be derived of a message that is stored, its trace lines among its octets.</summary>
    internal static async Task<DerivedFacts> ReadStoredAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        var wire = await WireFacts.ReadAsync(content, cancellationToken);
        byte[]? head = null;
        if (wire.Index.Message.HeaderOctets <= MaxHeadOctets)
        {
            head = new byte[wire.Index.Message.HeaderOctets];
            await using var stream = content.OpenRead();
            await stream.ReadExactlyAsync(head, cancellationToken);
        }

        return new DerivedFacts(await HeaderFacts.ReadAsync(content, cancellationToken), await MessagePreview.ReadAsync(content, cancellationToken), wire, head);
    }

    private static byte[]? HeadOf(WireFacts wire, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> message)
    {
        var octets = wire.Index.Message.HeaderOctets;
        return octets > MaxHeadOctets ? null : [.. prefix, .. message[..((int)octets - prefix.Length)]];
    }
}
