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

    public static async ValueTask<MessageOctets> ScanAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        if (content.TryGetMemory(out var memory))
        {
            var header = HeaderSection.LengthOf(memory.Span);
            var inHeader = !Ascii.IsValid(memory.Span[..header]);
            return new MessageOctets(inHeader || !Ascii.IsValid(memory.Span[header..]), inHeader);
        }

        var block = ArrayPool<byte>.Shared.Rent(BlockOctets);
        try
        {
            await using var stream = content.OpenRead();
            var read = await stream.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            var header = HeaderSection.LengthOf(block.AsSpan(0, read));
            var inHeader = !Ascii.IsValid(block.AsSpan(0, header));
            var anywhere = inHeader || !Ascii.IsValid(block.AsSpan(header, read - header));
            while (!anywhere && (read = await stream.ReadAsync(block, cancellationToken)) > 0)
                anywhere = !Ascii.IsValid(block.AsSpan(0, read));
            return new MessageOctets(anywhere, inHeader);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
