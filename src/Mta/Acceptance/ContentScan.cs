using System.Buffers;
using System.Text;
using MailSuite.Shared.Content;

namespace MailSuite.Mta.Acceptance;

/// <summary>What the envelope of a message that came without one must say of its octets.</summary>
/// <param name="IsSevenBit">Whether no octet is above 127, so that it may go anywhere (RFC 6152 §3).</param>
/// <param name="HeaderIsAscii">Whether the header is; if not, it needs SMTPUTF8 (RFC 6532 §3).</param>
internal sealed record ContentScan(HeaderScan Header, bool IsSevenBit, bool HeaderIsAscii)
{
    /// <summary>Octets that are searched for the header; the rest is looked through in parts of the same size.</summary>
    private const int BlockOctets = 64 * 1024;

    public static async ValueTask<ContentScan> OfAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockOctets);
        try
        {
            await using var stream = content.OpenRead();
            var length = await stream.ReadAtLeastAsync(block.AsMemory(0, BlockOctets), BlockOctets, throwOnEndOfStream: false, cancellationToken);
            var (header, headerIsAscii) = Look(block.AsSpan(0, length));
            var isSevenBit = true;
            while (length > 0 && isSevenBit)
            {
                isSevenBit = Ascii.IsValid(block.AsSpan(0, length));
                length = await stream.ReadAsync(block.AsMemory(0, BlockOctets), cancellationToken);
            }

            return new ContentScan(header, isSevenBit, headerIsAscii);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static (HeaderScan Header, bool IsAscii) Look(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf("\r\n\r\n"u8);
        return (HeaderScan.Of(head), Ascii.IsValid(end < 0 ? head : head[..end]));
    }
}
