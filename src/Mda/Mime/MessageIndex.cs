using MailSuite.Shared.Content;

namespace MailSuite.Mda.Mime;

/// <summary>Where the parts of a message lie in its octets. Made once, kept beside the message, read by every section that is asked for.</summary>
internal sealed class MessageIndex(IReadOnlyList<MessagePart> parts)
{
    /// <summary>The message first, each part before those it holds.</summary>
    internal IReadOnlyList<MessagePart> Parts => parts;

    internal MessagePart Message => parts[0];

    internal static MessageIndex Of(ReadOnlySpan<byte> message) => WireFacts.Of([], message).Index;

    internal static async ValueTask<MessageIndex> ReadAsync(IMessageContent content, CancellationToken cancellationToken) =>
        (await WireFacts.ReadAsync(content, cancellationToken)).Index;

    /// <summary>Reads what <see cref="PartsFormat"/> wrote; <see langword="null"/> for octets of another version, or no such octets.</summary>
    internal static MessageIndex? Parse(ReadOnlySpan<byte> parts) => PartsFormat.TryRead(parts);

    /// <summary>Finds a part by its numbers (RFC 9051 §6.4.5.1).</summary>
    /// <param name="path">"1.2" is [1, 2]; empty for the message.</param>
    /// <returns>-1 where there is none.</returns>
    internal int FindPart(ReadOnlySpan<uint> path)
    {
        var found = 0;
        var holder = 0;
        foreach (var number in path)
        {
            if (holder < 0)
                return -1;
            // A message that is no multipart has one part: its own body.
            found = parts[holder].Kind == PartKind.Multipart ? Child(holder, number) : number == 1 ? holder : -1;
            if (found < 0)
                return -1;
            holder = parts[found].Kind switch
            {
                PartKind.Multipart => found,
                PartKind.Message => found + 1,
                _ => -1,
            };
        }

        return found;
    }

    /// <summary>Finds the octets of a section (RFC 9051 §6.4.5.1).</summary>
    /// <returns><see langword="null"/> where the message has no such section.</returns>
    internal OctetRange? Find(ReadOnlySpan<uint> path, SectionText text)
    {
        var found = FindPart(path);
        if (found < 0)
            return null;
        var part = parts[found];
        if (text == SectionText.Mime)
            return path.IsEmpty ? null : part.Header;
        if (path.IsEmpty)
            return text switch
            {
                SectionText.Header => part.Header,
                SectionText.Text => part.Body,
                _ => new OctetRange(0, part.HeaderOctets + part.BodyOctets),
            };
        if (text == SectionText.Whole)
            return part.Body;
        // HEADER and TEXT of a part are those of the message it encapsulates.
        if (part.Kind != PartKind.Message)
            return null;
        return text == SectionText.Header ? parts[found + 1].Header : parts[found + 1].Body;
    }

    private int Child(int holder, uint number)
    {
        var child = holder + 1;
        for (; child < parts[holder].End; child = parts[child].End)
        {
            if (--number == 0)
                return child;
        }

        return -1;
    }
}

/// <summary>What of a message or part a section asks for.</summary>
internal enum SectionText : byte
{
    /// <summary>The whole message, or the body of a part.</summary>
    Whole,

    Header,

    Text,

    Mime,
}
