using System.Buffers;
using MailSuite.Mda.Pop3.Grammar;
using MailSuite.Mda.Pop3.Replies;
using MailSuite.Shared.Content;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mda.Pop3;

/// <summary>Sends a message, dots stuffed, at the pace of the client: no more of a large one is in memory than a block.</summary>
internal static class MessageOutput
{
    private const int BlockOctets = 32 * 1024;

    /// <param name="top">Where to stop; <see langword="null"/> for the whole message.</param>
    public static async ValueTask SendAsync(Pop3Connection connection, Pop3Reply head, IMessageContent content, TopOfMessage? top)
    {
        // Whoever cannot be read is not begun: an error behind +OK would be taken for the message.
        await using var stream = content.TryGetMemory(out var memory) ? null : content.OpenRead();
        var block = stream is null ? null : ArrayPool<byte>.Shared.Rent(BlockOctets);
        try
        {
            connection.Write(head);
            var encoder = new DotEncoder();
            while (top is not { IsOver: true })
            {
                var octets = await NextAsync();
                if (octets.IsEmpty)
                    break;

                var taken = top is null ? octets : octets[..top.Take(octets.Span)];
                encoder.Encode(taken.Span, connection.Output);
                connection.Wrote(taken.Length);
                if (!await connection.MakeRoomAsync())
                    return;
            }

            encoder.Finish(connection.Output);
            connection.Wrote(1);
        }
        catch (Exception)
        {
            // What has begun cannot be ended: the client must not take what it has for the whole.
            connection.Abandon();
            throw;
        }
        finally
        {
            if (block is not null)
                ArrayPool<byte>.Shared.Return(block);
        }

        async ValueTask<ReadOnlyMemory<byte>> NextAsync()
        {
            if (stream is not null)
                return block.AsMemory(0, await stream.ReadAsync(block));

            var next = memory[..Math.Min(BlockOctets, memory.Length)];
            memory = memory[next.Length..];
            return next;
        }
    }
}
