using System.Buffers;
using System.Text;
using MailSuite.Shared.Content;

namespace MailSuite.Mta.Delivery;

/// <summary>What a message's octets ask of the next host, found by reading them and not by what its sender declared.</summary>
/// <param name="HasEightBit">An octet above 127 is somewhere in it (RFC 6152).</param>
/// <param name="HeaderHasEightBit">One is in its header: an internationalised message (RFC 6532).</param>
internal sealed record MessageOctets(bool HasEightBit, bool HeaderHasEightBit)
{
    private const int BlockOctets = 64 * 1024;

    /// <summary>A CR or LF stands alone: these are no lines, and only BDAT can carry them (RFC 3030 §3).</summary>
    public bool HasBareLineEnd { get; init; }

    /// <summary>A NUL, or a line of more than 998 octets, is somewhere: no 8bit data by the letter of RFC 2045 §2.8.</summary>
    public bool HasNulOrLongLine { get; init; }

    /// <summary>Its last line has no CRLF, and DATA would give it one (RFC 5321 §4.1.1.4).</summary>
    public bool HasOpenEnd { get; init; }

    public static async ValueTask<MessageOctets> ScanAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        if (content.TryGetMemory(out var memory))
            return Scan(memory.Span);

        var block = ArrayPool<byte>.Shared.Rent(BlockOctets);
        try
        {
            await using var stream = content.OpenRead();
            var read = await stream.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            var header = HeaderSection.LengthOf(block.AsSpan(0, read));
            var lines = default(LineScan);
            var inHeader = !Ascii.IsValid(block.AsSpan(0, header));
            var anywhere = false;
            do
            {
                anywhere = anywhere || !Ascii.IsValid(block.AsSpan(0, read));
                lines.Look(block.AsSpan(0, read));
            }
            while ((read = await stream.ReadAsync(block, cancellationToken)) > 0);
            return Result(anywhere, inHeader, lines);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>The same of octets that are all there.</summary>
    public static MessageOctets Scan(ReadOnlySpan<byte> octets)
    {
        var lines = default(LineScan);
        lines.Look(octets);
        return Result(!Ascii.IsValid(octets), !Ascii.IsValid(octets[..HeaderSection.LengthOf(octets)]), lines);
    }

    private static MessageOctets Result(bool anywhere, bool inHeader, LineScan lines) =>
        new(anywhere, inHeader) { HasBareLineEnd = lines.HasBareLineEnd, HasNulOrLongLine = lines.HasNulOrLongLine, HasOpenEnd = lines.HasOpenEnd };
}
