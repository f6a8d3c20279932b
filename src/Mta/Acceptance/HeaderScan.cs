using System.Text;
using MimeKit.Utils;

namespace MailSuite.Mta.Acceptance;

/// <summary>What the MTA must know of a message's header (RFC 5322 §2.2). Read from the octets; anything may stand there, and nothing of it throws.</summary>
/// <param name="ReceivedFields">Received fields, for loop detection (RFC 5321 §6.3).</param>
/// <param name="HasNul">Whether a NUL octet stands in the header.</param>
/// <param name="Octets">Octets of the header, without the empty line behind it.</param>
/// <param name="Fields">Fields, and lines that are none.</param>
/// <param name="LongestLineOctets">Octets of its longest line with its CRLF.</param>
/// <param name="IsEmpty">Whether the message begins with the empty line that ends a header, or has no octets at all.</param>
/// <param name="BeginsWithField">Whether the first line is a header field; if not, the message has no header.</param>
/// <param name="HasFrom">Whether there is a From field, or may be one in a part that is not here.</param>
/// <param name="MessageId">The first Message-ID without its angle brackets.</param>
/// <param name="Subject">The first Subject, decoded (RFC 2047).</param>
internal sealed record HeaderScan(int ReceivedFields, bool HasNul, int Octets, int Fields, int LongestLineOctets, bool IsEmpty, bool BeginsWithField, bool HasDate, bool HasFrom, string? MessageId, string? Subject)
{
    /// <summary>Octets of a field that are shown to people; RFC 5322 §2.1.1 has 998 in a line.</summary>
    private const int MaxShownOctets = 998;

    /// <summary>Delivered-To fields that are read; a message that has been at more addresses is stopped by its Received fields.</summary>
    internal const int MaxDeliveredTo = 100;

    /// <summary>The addresses of the Delivered-To fields, as they stand there (RFC 9228).</summary>
    public IReadOnlyList<string> DeliveredTo { get; init; } = [];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <param name="message">The message from its first octet, or as much of it as there is.</param>
    public static HeaderScan Of(ReadOnlySpan<byte> message)
    {
        var received = 0;
        var hasDate = false;
        var hasFrom = false;
        var ended = false;
        string? messageId = null;
        string? subject = null;
        List<string>? deliveredTo = null;
        var beginsWithField = false;
        var fields = 0;
        var longestLine = 0;
        var at = 0;
        while (at < message.Length)
        {
            var field = FieldAt(message[at..], ref longestLine);
            if (field is [(byte)'\r', (byte)'\n', ..])
            {
                ended = true;
                break;
            }

            fields++;
            if (TryName(field, out var name))
            {
                beginsWithField |= at == 0;
                if (Ascii.EqualsIgnoreCase(name, "Received"u8))
                    received++;
                else if (Ascii.EqualsIgnoreCase(name, "Date"u8))
                    hasDate = true;
                else if (Ascii.EqualsIgnoreCase(name, "From"u8))
                    hasFrom = true;
                else if (Ascii.EqualsIgnoreCase(name, "Delivered-To"u8) && (deliveredTo ??= []).Count < MaxDeliveredTo)
                    deliveredTo.Add(TextOf(field).Trim('<', '>', ' ', '\t'));
                else if (messageId is null && Ascii.EqualsIgnoreCase(name, "Message-ID"u8))
                    messageId = TextOf(field).Trim('<', '>', ' ', '\t');
                else if (subject is null && Ascii.EqualsIgnoreCase(name, "Subject"u8))
                    subject = Decode(TextOf(field));
            }

            at += field.Length;
        }

        // Text that begins with no field is a body.
        var (octets, count, longest) = beginsWithField ? (at, fields, longestLine) : (0, 0, 0);
        return new HeaderScan(received, message[..at].Contains((byte)0), octets, count, longest, message.IsEmpty || message.StartsWith("\r\n"u8), beginsWithField, hasDate, hasFrom || !ended, messageId, subject)
        {
            DeliveredTo = deliveredTo ?? (IReadOnlyList<string>)[],
        };
    }

    /// <summary>One field with its continuation lines and its last CRLF.</summary>
    internal static ReadOnlySpan<byte> FieldAt(ReadOnlySpan<byte> rest)
    {
        var longestLine = 0;
        return FieldAt(rest, ref longestLine);
    }

    /// <summary>One field with its continuation lines and its last CRLF.</summary>
    private static ReadOnlySpan<byte> FieldAt(ReadOnlySpan<byte> rest, scoped ref int longestLine)
    {
        var end = 0;
        do
        {
            var line = rest[end..].IndexOf((byte)'\n');
            longestLine = Math.Max(longestLine, line < 0 ? rest.Length - end : line + 1);
            if (line < 0)
                return rest;
            end += line + 1;
        }
        while (end < rest.Length && rest[end] is (byte)' ' or (byte)'\t' && rest[0] is not (byte)'\r');

        return rest[..end];
    }

    /// <summary>field-name = 1*ftext, any printable ASCII but the colon; blanks before the colon are obsolete and allowed (RFC 5322 §3.6.8, §4.5).</summary>
    internal static bool TryName(ReadOnlySpan<byte> field, out ReadOnlySpan<byte> name)
    {
        name = default;
        var colon = field.IndexOf((byte)':');
        if (colon < 1)
            return false;

        name = field[..colon].TrimEnd(" \t"u8);
        return !name.IsEmpty && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');
    }

    private static string TextOf(ReadOnlySpan<byte> field)
    {
        var body = field[(field.IndexOf((byte)':') + 1)..];
        return Clean(Utf8.GetString(body.Length > MaxShownOctets ? body[..MaxShownOctets] : body).Replace("\r\n", "", StringComparison.Ordinal));
    }

    /// <summary>An encoded word may hold any character, a line end too.</summary>
    private static string Decode(string text) =>
        text.Contains("=?", StringComparison.Ordinal) ? Clean(Rfc2047.DecodeText(Encoding.UTF8.GetBytes(text))) : text;

    /// <summary>One line for people.</summary>
    private static string Clean(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            target[i] = char.IsControl(source[i]) ? ' ' : source[i];
    }).Trim();
}
