using System.Buffers;
using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Maildrop;

namespace MailSuite.Mta.Maildrop;

/// <summary>Reads a drop: its head, and as many octets of message as the head says.</summary>
internal static class DropReader
{
    private const int FirstOctets = 4 * 1024;

    /// <param name="message">Gets the message; complete, when there is no problem.</param>
    /// <returns>The head, or what is wrong with the drop, for people.</returns>
    public static async ValueTask<(DropEnvelope? Envelope, string? Problem)> ReadAsync(Stream drop, IncomingMessage message, long maxOctets, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(FirstOctets);
        try
        {
            var length = 0;
            int end;
            while ((end = block.AsSpan(0, length).IndexOf(DropEnvelope.EndOfHead)) < 0)
            {
                if (length >= DropEnvelope.MaxHeadOctets)
                    return (null, "its head is too long");
                if (length == block.Length)
                    block = Larger(block);
                var read = await drop.ReadAsync(block.AsMemory(length), cancellationToken);
                if (read == 0)
                    return (null, "its head has no end");
                length += read;
            }

            end += DropEnvelope.EndOfHead.Length;
            if (!DropEnvelope.TryParse(block.AsSpan(0, end), out var envelope))
                return (null, "its head cannot be read");
            if (envelope.Octets > maxOctets)
                return (null, $"its message has more than {maxOctets} octets");

            var first = (int)Math.Min(length - end, envelope.Octets);
            message.Write(block.AsSpan(end, first));
            return await FillAsync(drop, message, envelope.Octets - first, cancellationToken) ? (envelope, null) : (null, "its message is cut off");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async ValueTask<bool> FillAsync(Stream drop, IncomingMessage message, long left, CancellationToken cancellationToken)
    {
        while (left > 0)
        {
            var room = message.GetMemory();
            var read = await drop.ReadAsync(room[..(int)Math.Min(room.Length, left)], cancellationToken);
            if (read == 0)
                return false;
            message.Advance(read);
            left -= read;
            await message.SpillAsync();
        }

        await message.CompleteAsync(ReadOnlyMemory<byte>.Empty);
        return true;
    }

    private static byte[] Larger(byte[] block)
    {
        var larger = ArrayPool<byte>.Shared.Rent(block.Length * 2);
        block.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(block);
        return larger;
    }
}
