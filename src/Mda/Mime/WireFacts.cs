using System.Buffers;
using MailSuite.Shared.Content;

namespace MailSuite.Mda.Mime;

/// <summary>What IMAP says of a message's octets, ready for the wire, and where its parts lie.</summary>
/// <param name="Envelope">ENVELOPE.</param>
/// <param name="Structure">BODYSTRUCTURE; <see cref="BodyStructure.WriteBody"/> makes BODY of it.</param>
/// <param name="Parts">The index, as <see cref="MessageIndex.Parse"/> reads it.</param>
internal sealed record WireFacts(byte[] Envelope, byte[] Structure, byte[] Parts, MessageIndex Index)
{
    /// <summary>The version of what this folder makes of a message. It grows with any change of it, and what lies in a store is then made anew.</summary>
    internal const int Version = 1;

    /// <summary>Octets that are in memory of a message that is read from a file: the longest header, and a line.</summary>
    private const int WindowOctets = MimeLimits.MaxHeaderOctets + 64 * 1024;

    /// <param name="prefix">Whole header lines in front of the message.</param>
    internal static WireFacts Of(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> message)
    {
        var scratch = MimeScratch.Rent();
        var scanner = new MessageScanner(scratch);
        scanner.Begin(prefix);
        scanner.Take(message, last: true);
        return Finish(scanner);
    }

    internal static async ValueTask<WireFacts> ReadAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        if (content.TryGetMemory(out var octets))
            return Of([], octets.Span);

        var stream = content.OpenRead();
        await using (stream.ConfigureAwait(false))
            return await ReadAsync(stream, WindowOctets, cancellationToken);
    }

    /// <param name="windowOctets">More than a header and a line.</param>
    internal static async ValueTask<WireFacts> ReadAsync(Stream stream, int windowOctets, CancellationToken cancellationToken)
    {
        // Not the thread's: this task may go on on another one.
        var scanner = new MessageScanner(new MimeScratch());
        scanner.Begin([]);
        var window = ArrayPool<byte>.Shared.Rent(windowOctets);
        try
        {
            var kept = 0;
            while (true)
            {
                var read = await stream.ReadAtLeastAsync(window.AsMemory(kept, windowOctets - kept), windowOctets - kept, throwOnEndOfStream: false, cancellationToken);
                var last = kept + read < windowOctets;
                var taken = scanner.Take(window.AsSpan(0, kept + read), last);
                if (last)
                    return Finish(scanner);
                window.AsSpan(taken, windowOctets - taken).CopyTo(window);
                kept = windowOctets - taken;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    /// <summary>Makes the facts of a message that was taken to its end.</summary>
    internal static WireFacts Finish(MessageScanner scanner)
    {
        scanner.End();
        var scratch = scanner.Scratch;
        var parts = new MessagePart[scanner.Parts.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = scanner.Parts[i];
            parts[i] = new MessagePart(
                part.Parent, part.End, part.Content.Kind, part.Content.Encoding, part.HeaderStart, part.BodyStart - part.HeaderStart, part.BodyOctets, part.BodyLines,
                part.Content.MediaType, part.Content.Charset);
        }

        var wire = scratch.Wire;
        BodyStructure.Write(scanner, wire);
        var structure = wire.ToArray();
        wire.Truncate(0);
        PartsFormat.Write(parts, wire);
        var facts = new WireFacts(scratch.Fragments[scanner.Parts[0].Envelope].ToArray(), structure, wire.ToArray(), new MessageIndex(parts));
        scratch.Return();
        return facts;
    }
}
