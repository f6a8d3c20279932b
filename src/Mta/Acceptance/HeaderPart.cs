using MailSuite.Shared.Content;

namespace MailSuite.Mta.Acceptance;

/// <summary>The header of a message, octet by octet as it came.</summary>
internal static class HeaderPart
{
    /// <summary>Octets of a header that are looked for its end in a file; no real header has a tenth of it.</summary>
    internal const int MaxOctets = 1024 * 1024;

    /// <summary>Reads the header with the CRLF of its last field.</summary>
    /// <returns><see langword="null"/> when it does not end within <see cref="MaxOctets"/>.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        if (content.TryGetMemory(out var whole))
            return whole[..EndOf(whole.Span)];

        var octets = new byte[(int)Math.Min(content.Octets, MaxOctets)];
        await using var stream = content.OpenRead();
        var length = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken);
        var end = EndOf(octets.AsSpan(0, length));
        if (end == length && length < content.Octets)
            return null;

        return octets.AsMemory(0, end);
    }

    /// <summary>Takes fields out: what stands in front of each moves back over it, and nothing behind the last of them moves.</summary>
    /// <param name="message">The message from its first octet, or as much of it as has the header.</param>
    /// <param name="end">Behind the last field that was taken out.</param>
    /// <returns>The octets taken out: from there to <paramref name="end"/> stands what is left.</returns>
    public static int Remove(Span<byte> message, FieldNameTest isUnwanted, out int end)
    {
        List<(int Start, int End)> unwanted = [];
        for (var at = 0; at < message.Length;)
        {
            var field = HeaderScan.FieldAt(message[at..]);
            if (field is [(byte)'\r', (byte)'\n', ..])
                break;
            if (HeaderScan.TryName(field, out var name) && isUnwanted(name))
                unwanted.Add((at, at + field.Length));
            at += field.Length;
        }

        var removed = 0;
        for (var i = unwanted.Count - 1; i >= 0; i--)
        {
            removed += unwanted[i].End - unwanted[i].Start;
            var start = i == 0 ? 0 : unwanted[i - 1].End;
            message[start..unwanted[i].Start].CopyTo(message[(start + removed)..]);
        }

        end = unwanted.Count == 0 ? 0 : unwanted[^1].End;
        return removed;
    }

    private static int EndOf(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("\r\n"u8))
            return 0;
        var end = message.IndexOf("\r\n\r\n"u8);
        return end < 0 ? message.Length : end + 2;
    }
}

internal delegate bool FieldNameTest(ReadOnlySpan<byte> name);
