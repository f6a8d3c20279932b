using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>A URL of a message or a part of one (RFC 5092 §5), as CATENATE has them.</summary>
/// <param name="Authority">Of an absolute URL what stands between <c>//</c> and the path; <see langword="null"/> for one of this server.</param>
/// <param name="Mailbox"><see langword="null"/> for the selected one.</param>
/// <param name="UidValidity">0 when it is not said.</param>
/// <param name="Path">The numbers of a part.</param>
/// <param name="Length">Octets from <paramref name="Offset"/> on; <see langword="null"/> for all.</param>
internal sealed record MessageUrl(string? Authority, string? Mailbox, uint UidValidity, uint Uid, IReadOnlyList<uint> Path, SectionText Text, long Offset, long? Length)
{
    internal static bool TryParse(string text, [NotNullWhen(true)] out MessageUrl? url)
    {
        url = null;
        string? authority = null;
        const string Scheme = "imap://";
        if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var path = text.IndexOf('/', Scheme.Length);
            if (path < 0)
                return false;
            authority = text[Scheme.Length..path];
            text = text[path..];
        }

        // The mailbox may have slashes of its own, so what follows it is found by its marks.
        var marks = text.Split("/;");
        string? mailbox = null;
        var uidValidity = 0u;
        var first = 0;
        if (!text.StartsWith("/;", StringComparison.Ordinal) && text.StartsWith('/'))
        {
            if (!TryMailbox(marks[0][1..], out mailbox, out uidValidity))
                return false;
            first = 1;
        }
        else
        {
            // Relative to the selected mailbox.
            marks[0] = marks[0].TrimStart(';');
            if (marks[0].Length == 0)
                first = 1;
        }

        return TryRest(marks.AsSpan(first), new MessageUrl(authority, mailbox, uidValidity, 0, [], SectionText.Whole, 0, null), out url);
    }

    private static bool TryMailbox(string text, [NotNullWhen(true)] out string? mailbox, out uint uidValidity)
    {
        const string Mark = ";UIDVALIDITY=";
        mailbox = null;
        uidValidity = 0;
        var mark = text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        if (mark >= 0 && !TryNumber(text[(mark + Mark.Length)..], out uidValidity))
            return false;
        var name = mark < 0 ? text : text[..mark];
        return name.Length > 0 && TryUnescape(name, out var octets) && MailboxNameText.TryDecode(octets, utf8: true, out mailbox);
    }

    private static bool TryRest(ReadOnlySpan<string> marks, MessageUrl so, [NotNullWhen(true)] out MessageUrl? url)
    {
        url = null;
        if (marks.IsEmpty || !TryValue(marks[0], "UID=", out var uidText) || !TryNumber(uidText, out var uid))
            return false;
        so = so with { Uid = uid };
        marks = marks[1..];
        if (!marks.IsEmpty && TryValue(marks[0], "SECTION=", out var section))
        {
            if (!TryUnescape(section, out var octets) || !TrySection(Encoding.UTF8.GetString(octets), out var path, out var text))
                return false;
            so = so with { Path = path, Text = text };
            marks = marks[1..];
        }

        if (!marks.IsEmpty && TryValue(marks[0], "PARTIAL=", out var partial))
        {
            if (!TryPartial(partial, out var offset, out var length))
                return false;
            so = so with { Offset = offset, Length = length };
            marks = marks[1..];
        }

        url = so;
        return marks.IsEmpty;
    }

    /// <summary><c>1.2.HEADER</c> and its kind; fields of a header are not understood.</summary>
    private static bool TrySection(string text, out IReadOnlyList<uint> path, out SectionText kind)
    {
        var numbers = new List<uint>();
        path = numbers;
        kind = SectionText.Whole;
        var words = text.Split('.');
        for (var i = 0; i < words.Length; i++)
        {
            if (TryNumber(words[i], out var number))
            {
                numbers.Add(number);
                continue;
            }

            SectionText? last = words[i].ToUpperInvariant() switch { "HEADER" => SectionText.Header, "TEXT" => SectionText.Text, "MIME" => SectionText.Mime, _ => null };
            kind = last ?? SectionText.Whole;
            return last is not null && i == words.Length - 1 && (kind != SectionText.Mime || numbers.Count > 0);
        }

        return numbers.Count > 0;
    }

    private static bool TryPartial(string text, out long offset, out long? length)
    {
        length = null;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (!long.TryParse(dot < 0 ? text : text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out offset))
            return false;
        if (dot < 0)
            return true;
        var parsed = long.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var octets);
        length = octets;
        return parsed && octets > 0;
    }

    private static bool TryValue(string mark, string name, out string value)
    {
        value = mark.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? mark[name.Length..] : string.Empty;
        return value.Length > 0;
    }

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    /// <summary>Percent-encoding (RFC 3986 §2.1).</summary>
    private static bool TryUnescape(string text, out byte[] octets)
    {
        var escaped = Encoding.UTF8.GetBytes(text);
        var to = 0;
        octets = [];
        for (var from = 0; from < escaped.Length; from++, to++)
        {
            if (escaped[from] != '%')
            {
                escaped[to] = escaped[from];
                continue;
            }

            if (from + 2 >= escaped.Length || !Utf8Parser.TryParse(escaped.AsSpan(from + 1, 2), out byte octet, out var used, 'X') || used != 2)
                return false;
            escaped[to] = octet;
            from += 2;
        }

        octets = escaped[..to];
        return true;
    }
}
