using System.Buffers;
using System.Text;
using System.Text.Unicode;
using MimeKit;
using MimeKit.Text;

namespace MailSuite.Mua.Reading;

/// <summary>The characters of a text part, so many at most.</summary>
internal static class PartText
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    static PartText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    internal static string Read(TextPart part, int maxOctets, out bool isCut)
    {
        isCut = false;
        if (part.Content is null)
            return "";

        var buffer = ArrayPool<byte>.Shared.Rent(maxOctets + 1);
        try
        {
            using var decoded = part.Content.Open();
            var length = decoded.ReadAtLeast(buffer.AsSpan(0, maxOctets + 1), maxOctets + 1, throwOnEndOfStream: false);
            isCut = length > maxOctets;
            var text = Decode(part, buffer.AsSpan(0, Math.Min(length, maxOctets)), isCut);
            return part is { IsPlain: true, IsFlowed: true } ? Unflow(part, text) : text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Decode(TextPart part, ReadOnlySpan<byte> octets, bool isCut)
    {
        if (Declared(part.ContentType.Charset) is { } declared)
            return declared.GetString(octets);

        // Text without a label, or with that of ASCII, is hardly anything else when it is valid UTF-8.
        try
        {
            return StrictUtf8.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return (isCut && IsCutUtf8(octets) ? Encoding.UTF8 : Encoding.Latin1).GetString(octets);
        }
    }

    private static Encoding? Declared(string? charset)
    {
        if (charset is null || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) || charset.Equals("ascii", StringComparison.OrdinalIgnoreCase))
            return null;

        try
        {
            return Encoding.GetEncoding(charset.Trim());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether only the last character is broken, as it is where the text was cut.</summary>
    private static bool IsCutUtf8(ReadOnlySpan<byte> octets)
    {
        for (var missing = 1; missing <= 3 && missing <= octets.Length; missing++)
        {
            if (Utf8.IsValid(octets[..^missing]))
                return true;
        }

        return false;
    }

    private static string Unflow(TextPart part, string text)
    {
        var deleteSpace = part.ContentType.Parameters.TryGetValue("delsp", out string? delsp) && string.Equals(delsp, "yes", StringComparison.OrdinalIgnoreCase);
        return new FlowedToText { DeleteSpace = deleteSpace }.Convert(text);
    }
}
