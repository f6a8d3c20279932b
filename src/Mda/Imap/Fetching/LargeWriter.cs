using System.Buffers;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mime;
using MailSuite.Shared.Content;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>Writes what FETCH tells of a message whose octets lie in a file, piece by piece, as the client reads.</summary>
internal sealed class LargeWriter(ImapWriter wire, FetchWriter writer, LargeMessage message, Stream file, CancellationToken cancellationToken)
{
    private const int PieceOctets = 64 * 1024;

    /// <summary>Octets of a header whose fields are chosen from; they have to be in memory. DEVIATION: fields behind them are not found.</summary>
    private const int MaxHeaderOctets = 4 * 1024 * 1024;

    /// <param name="content">The message, of which <paramref name="file"/> is the open file.</param>
    internal static async ValueTask WriteAsync(ImapWriter wire, FetchWriter writer, FetchPlan plan, LargeMessage message, IMessageContent content, Stream file, CancellationToken cancellationToken)
    {
        await message.DeriveAsync(plan, content, cancellationToken);
        if (!writer.HasAnything(message.Source))
            return;

        var large = new LargeWriter(wire, writer, message, file, cancellationToken);
        writer.Begin(message.Source);
        var isFirst = true;
        foreach (var item in plan.Items)
        {
            if (!writer.CanTell(item, message.Index))
                continue;
            writer.WriteLabel(item, ref isFirst);
            await large.WriteAsync(item);
        }

        writer.End(message.Source, isFirst);
    }

    private async ValueTask WriteAsync(FetchItem item)
    {
        if (item.Kind is not (FetchKind.Section or FetchKind.Binary or FetchKind.BinarySize) || (item.Section.IsOfHeader && !message.Source.Head.IsEmpty))
        {
            writer.WriteValue(item, message.Source);
            return;
        }

        if (FetchWriter.RangeOf(item, message.Index, message.Octets) is not { } range)
        {
            FetchWriter.WriteAbsent(wire, item);
        }
        else if (item.Kind != FetchKind.Section)
        {
            await WriteDecodedAsync(item, range);
        }
        else if (item.Section.Text == SectionText.Header)
        {
            await WriteHeaderAsync(item, range);
        }
        else
        {
            range = FetchWriter.Cut(item.Partial, range);
            wire.LiteralHeader(range.Length);
            await ReadAsync(range, piece => wire.Raw(piece));
        }
    }

    private async ValueTask WriteHeaderAsync(FetchItem item, OctetRange range)
    {
        var header = new OctetBuffer();
        await ReadAsync(range with { Length = Math.Min(range.Length, MaxHeaderOctets) }, header.Append);
        writer.WriteHeader(item, header.Written);
    }

    /// <summary>Decodes twice: first to know how long it gets.</summary>
    private async ValueTask WriteDecodedAsync(FetchItem item, OctetRange range)
    {
        var encoding = item.Section.Part.IsEmpty ? TransferEncoding.None : message.Index!.Parts[message.Index.FindPart(item.Section.Part.Span)].Encoding;
        var length = 0L;
        var hasNul = false;
        await DecodeAsync(encoding, range, piece =>
        {
            length += piece.Length;
            hasNul |= piece.Contains((byte)0);
        });
        if (item.Kind == FetchKind.BinarySize)
        {
            wire.Number(length);
            return;
        }

        var cut = FetchWriter.Cut(item.Partial, new OctetRange(0, length));
        if (hasNul)
            wire.Literal8Header(cut.Length);
        else
            wire.LiteralHeader(cut.Length);

        var at = 0L;
        await DecodeAsync(encoding, range, piece =>
        {
            var from = Math.Clamp(cut.Start - at, 0, piece.Length);
            var to = Math.Clamp(cut.Start + cut.Length - at, from, piece.Length);
            wire.Raw(piece[(int)from..(int)to]);
            at += piece.Length;
        });
    }

    private async ValueTask DecodeAsync(TransferEncoding encoding, OctetRange range, SpanAction take)
    {
        var decoder = new ContentDecoder(encoding);
        var waiting = new OctetBuffer();
        var decoded = new byte[PieceOctets * 2];
        var left = range.Length;
        await ReadAsync(range, piece =>
        {
            left -= piece.Length;
            waiting.Append(piece);
            var written = decoder.Decode(waiting.Written, decoded, last: left == 0, out var consumed);
            take(decoded.AsSpan(0, written));
            var rest = waiting.Written[consumed..].ToArray();
            waiting.Truncate(0);
            waiting.Append(rest);
        });
    }

    private async ValueTask ReadAsync(OctetRange range, SpanAction take)
    {
        var (start, left) = (range.Start, range.Length);
        if (start < message.Prefix.Length && left > 0)
        {
            var ofPrefix = (int)Math.Min(message.Prefix.Length - start, left);
            take(message.Prefix.Span.Slice((int)start, ofPrefix));
            start += ofPrefix;
            left -= ofPrefix;
        }

        var piece = ArrayPool<byte>.Shared.Rent(PieceOctets);
        try
        {
            file.Position = start - message.Prefix.Length;
            while (left > 0)
            {
                var octets = await file.ReadAtLeastAsync(piece.AsMemory(0, (int)Math.Min(PieceOctets, left)), 1, throwOnEndOfStream: false, cancellationToken);
                // The literal cannot be ended otherwise: the client would wait for the rest of it.
                if (octets == 0)
                    throw new ClientGoneException("the file of a message is shorter than it was");
                take(piece.AsSpan(0, octets));
                left -= octets;
                await wire.FlushBySizeAsync(cancellationToken);
            }
        }
        catch (IOException e)
        {
            throw new ClientGoneException(e.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private delegate void SpanAction(ReadOnlySpan<byte> piece);
}
