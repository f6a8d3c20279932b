using System.Buffers;
using System.Text;
using MimeKit;

namespace MailSuite.Mua.Reading;

/// <summary>A name under which a part may be saved on any system.</summary>
/// <remarks>
/// The sender chose it, so: no directories, no control characters, nothing that turns the direction of writing (a trick to hide
/// <c>.exe</c>), no leading dot, none of Windows' device names, and not too long; the extension stays.
/// </remarks>
internal static class AttachmentName
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"/\\|?*");

    internal static string Of(MimeEntity part, int number)
    {
        var declared = part switch
        {
            MimePart { FileName: { Length: > 0 } name } => name,
            MessagePart { Message.Subject: { Length: > 0 } subject } => subject + ".eml",
            _ => null,
        };
        return declared is null ? Fallback(part, number) : Clean(declared) ?? Fallback(part, number);
    }

    /// <summary><see langword="null"/> when nothing is left.</summary>
    internal static string? Clean(string declared)
    {
        var clean = new StringBuilder(declared.Length);
        foreach (var rune in declared.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.OtherNotAssigned
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator || rune.Value == 0xFFFD)
                continue;
            if (rune.IsBmp && Forbidden.Contains((char)rune.Value))
                clean.Append('_');
            else
                clean.Append(rune);
        }

        // Windows drops dots and blanks at the end by itself, and a leading dot hides a file elsewhere.
        var name = clean.ToString().Trim().TrimStart('.').TrimEnd('.', ' ').Trim();
        if (name.Length == 0 || name.All(c => c is '_' or '.' or ' '))
            return null;

        name = Shorten(name);
        var stem = name.Split('.')[0];
        var isDevice = stem.ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && char.IsAsciiDigit(stem[3]) && stem[..3].ToUpperInvariant() is "COM" or "LPT");
        return isDevice ? "_" + name : name;
    }

    private static string Shorten(string name)
    {
        if (name.Length <= ReadingLimits.MaxNameCharacters)
            return name;

        var extension = Path.GetExtension(name);
        if (extension.Length > 12)
            extension = "";
        var stem = name.AsSpan(0, ReadingLimits.MaxNameCharacters - extension.Length);
        if (char.IsHighSurrogate(stem[^1]))
            stem = stem[..^1];
        return string.Concat(stem, extension);
    }

    private static string Fallback(MimeEntity part, int number)
    {
        var extension = part is MessagePart ? ".eml" : part.ContentType.MimeType.ToLowerInvariant() switch
        {
            "text/plain" => ".txt",
            "text/html" => ".html",
            "text/calendar" => ".ics",
            "application/pdf" => ".pdf",
            "image/png" => ".png",
            "image/jpeg" => ".jpg",
            "image/gif" => ".gif",
            "message/delivery-status" or "text/rfc822-headers" => ".txt",
            _ => ".bin",
        };
        return $"part-{number}{extension}";
    }
}
