using System.Globalization;
using System.Text;
using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>What FETCH asks for (RFC 9051 §9, fetch-att).</summary>
internal ref partial struct ImapParser
{
    private static readonly FetchItem[] Simple =
    [
        FetchItem.Of(FetchKind.Uid, "UID"),
        FetchItem.Of(FetchKind.Flags, "FLAGS"),
        FetchItem.Of(FetchKind.InternalDate, "INTERNALDATE"),
        FetchItem.Of(FetchKind.Size, "RFC822.SIZE"),
        FetchItem.Of(FetchKind.ModSeq, "MODSEQ"),
        FetchItem.Of(FetchKind.Envelope, "ENVELOPE"),
        FetchItem.Of(FetchKind.BodyStructure, "BODYSTRUCTURE"),
        FetchItem.Of(FetchKind.EmailId, "EMAILID"),
        FetchItem.Of(FetchKind.ThreadId, "THREADID"),
        FetchItem.Of(FetchKind.SaveDate, "SAVEDATE"),
        new(FetchKind.Section, "RFC822"u8.ToArray(), SectionPath.Whole, SetsSeen: true),
        new(FetchKind.Section, "RFC822.HEADER"u8.ToArray(), SectionPath.Header),
        new(FetchKind.Section, "RFC822.TEXT"u8.ToArray(), SectionPath.Body, SetsSeen: true),
    ];

    private static readonly FetchItem Structure = FetchItem.Of(FetchKind.Body, "BODY");

    private static readonly FetchItem Preview = FetchItem.Of(FetchKind.Preview, "PREVIEW");

    private static readonly FetchItem[] Fast = [Simple[1], Simple[2], Simple[3]];

    private static readonly FetchItem[] All = [.. Fast, Simple[5]];

    private static readonly FetchItem[] Full = [.. All, Structure];

    private static ReadOnlySpan<byte> EndOfName => " ()[]<\r\n"u8;

    /// <summary>Items and modifiers, up to the end of the command.</summary>
    public bool TryFetchArguments(out FetchArguments arguments)
    {
        arguments = new FetchArguments([], default);
        if (!TryFetchItems(out var items))
            return false;

        var modifiers = default(FetchModifiers);
        if (TrySpace() && !TryFetchModifiers(out modifiers))
            return false;
        arguments = new FetchArguments(items, modifiers);
        return IsAtEnd;
    }

    internal bool TryFetchItems(out IReadOnlyList<FetchItem> items)
    {
        items = TryName("ALL"u8) ? All : TryName("FAST"u8) ? Fast : TryName("FULL"u8) ? Full : [];
        if (items.Count > 0)
            return true;

        var list = new List<FetchItem>();
        items = list;
        if (!TryOpen())
            return TryFetchItem(list);

        do
        {
            if (list.Count == FetchLimits.MaxItems || !TryFetchItem(list))
                return false;
        }
        while (TrySpace());

        return TryClose();
    }

    private bool TryFetchItem(List<FetchItem> items)
    {
        if (!TryOneItem(out var item))
            return false;

        // Asked for twice is told once.
        foreach (var before in items)
        {
            if (before.Kind == item.Kind && before.Label.Span.SequenceEqual(item.Label.Span) && before.Partial == item.Partial)
                return true;
        }

        items.Add(item);
        return true;
    }

    private bool TryOneItem(out FetchItem item)
    {
        foreach (var simple in Simple)
        {
            if (TryName(simple.Label.Span))
            {
                item = simple;
                return true;
            }
        }

        item = Structure;
        if (TryName("BODY.PEEK"u8))
            return TrySection("BODY", seen: false, out item);
        if (TryName("BODY"u8))
            return !IsAt((byte)'[') || TrySection("BODY", seen: true, out item);
        if (TryName("BINARY.PEEK"u8))
            return TryBinary(FetchKind.Binary, seen: false, out item);
        if (TryName("BINARY.SIZE"u8))
            return TryBinary(FetchKind.BinarySize, seen: false, out item);
        if (TryName("BINARY"u8))
            return TryBinary(FetchKind.Binary, seen: true, out item);
        return TryPreview(out item);
    }

    private bool TryPreview(out FetchItem item)
    {
        item = Preview;
        if (!TryName("PREVIEW"u8))
            return false;

        // RFC 8970 §4.1: the only modifier there is. Of a list of modifiers of the command itself the space belongs to that.
        var start = _at;
        if (TrySpace() && TryOpen() && TryName("LAZY"u8) && TryClose())
            item = Preview with { IsLazy = true };
        else
            _at = start;
        return true;
    }

    private bool TrySection(string label, bool seen, out FetchItem item)
    {
        item = Structure;
        if (!TryOctet((byte)'[') || !TryPartNumbers(out var part))
            return false;

        var section = SectionPath.Whole with { Part = part };
        if ((part.Length == 0 ? !IsAt((byte)']') : TryOctet((byte)'.')) && !TrySectionText(ref section))
            return false;
        if (!TryOctet((byte)']') || !TryPartial(out var partial))
            return false;

        item = new FetchItem(FetchKind.Section, Label(label, section, partial), section, partial, seen);
        return true;
    }

    private bool TryBinary(FetchKind kind, bool seen, out FetchItem item)
    {
        item = Structure;
        PartialRange? partial = null;
        if (!TryOctet((byte)'[') || !TryPartNumbers(out var part) || !TryOctet((byte)']') || (kind == FetchKind.Binary && !TryPartial(out partial)))
            return false;

        var section = SectionPath.Whole with { Part = part };
        item = new FetchItem(kind, Label(kind == FetchKind.Binary ? "BINARY" : "BINARY.SIZE", section, partial), section, partial, seen);
        return true;
    }

    private bool TryPartNumbers(out uint[] part)
    {
        var numbers = new List<uint>();
        part = [];
        while (!IsAtEnd && char.IsAsciiDigit((char)_octets[_at]))
        {
            if (numbers.Count == FetchLimits.MaxPartNumbers || !TryNonZeroNumber(out var number))
                return false;
            numbers.Add(number);

            // A dot belongs to the numbers only when one follows.
            if (Rest is not [(byte)'.', >= (byte)'0' and <= (byte)'9', ..])
                break;
            _at++;
        }

        part = [.. numbers];
        return true;
    }

    private bool TrySectionText(ref SectionPath section)
    {
        if (TryName("TEXT"u8))
            section = section with { Text = SectionText.Text };
        else if (!section.Part.IsEmpty && TryName("MIME"u8))
            section = section with { Text = SectionText.Mime };
        else if (TryName("HEADER"u8))
            section = section with { Text = SectionText.Header };
        else if (TryName("HEADER.FIELDS"u8) && TrySpace() && TryFieldNames(out var fields))
            section = section with { Text = SectionText.Header, Fields = fields };
        else if (TryName("HEADER.FIELDS.NOT"u8) && TrySpace() && TryFieldNames(out var others))
            section = section with { Text = SectionText.Header, Fields = others, IsAllBut = true };
        else
            return false;
        return true;
    }

    private bool TryFieldNames(out IReadOnlyList<byte[]> fields)
    {
        var names = new List<byte[]>();
        fields = names;
        if (!TryOpen())
            return false;

        do
        {
            // RFC 5322 §3.6.8: printable ASCII without a colon. What could not be the name of any field is an error of the client's.
            if (names.Count == FetchLimits.MaxFields || !TryAString(out var name) || name.IsEmpty || name.IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0 || name.Contains((byte)':'))
                return false;
            names.Add(name.ToArray());
        }
        while (TrySpace());

        return TryClose();
    }

    private bool TryPartial(out PartialRange? partial)
    {
        partial = null;
        if (!TryOctet((byte)'<'))
            return true;
        if (!TryNumber64(out var start) || !TryOctet((byte)'.') || !TryNumber64(out var length) || length == 0 || !TryOctet((byte)'>'))
            return false;
        partial = new PartialRange(start, length);
        return true;
    }

    private bool TryFetchModifiers(out FetchModifiers modifiers)
    {
        modifiers = default;
        if (!TryOpen())
            return false;

        do
        {
            if (modifiers.ChangedSince is null && TryName("CHANGEDSINCE"u8))
            {
                if (!TrySpace() || !TryNumber64(out var modSeq))
                    return false;
                modifiers = modifiers with { ChangedSince = modSeq };
            }
            else if (!modifiers.Vanished && TryName("VANISHED"u8))
            {
                modifiers = modifiers with { Vanished = true };
            }
            else if (modifiers.Partial is null && TryName("PARTIAL"u8))
            {
                if (!TrySpace() || !TryMessageSlice(out var slice))
                    return false;
                modifiers = modifiers with { Partial = slice };
            }
            else
            {
                return false;
            }
        }
        while (TrySpace());

        return TryClose();
    }

    /// <summary>A range of PARTIAL (RFC 9394 §4, partial-range): both numbers with a minus, or none.</summary>
    public bool TryMessageSlice(out MessageSlice slice)
    {
        var start = _at;
        slice = default;
        var fromEnd = TryOctet((byte)'-');
        if (!TryNonZeroNumber(out var first) || !TryOctet((byte)':') || (fromEnd && !TryOctet((byte)'-')) || !TryNonZeroNumber(out var last))
            return Back(start);
        slice = new MessageSlice(Math.Min(first, last), Math.Max(first, last), fromEnd);
        return true;
    }

    /// <summary>A word that ends where names of items end: at a blank, a bracket, or the end.</summary>
    private bool TryName(ReadOnlySpan<byte> name)
    {
        var rest = Rest;
        if (rest.Length < name.Length || !Ascii.EqualsIgnoreCase(rest[..name.Length], name) || (rest.Length > name.Length && !EndOfName.Contains(rest[name.Length])))
            return false;
        _at += name.Length;
        return true;
    }

    private static byte[] Label(string name, SectionPath section, PartialRange? partial)
    {
        var label = new StringBuilder(name).Append('[').AppendJoin('.', section.Part.ToArray());
        if (section.Text != SectionText.Whole)
        {
            label.Append(section.Part.IsEmpty ? string.Empty : ".").Append(section.Text switch
            {
                SectionText.Text => "TEXT",
                SectionText.Mime => "MIME",
                _ => section.Fields.Count == 0 ? "HEADER" : section.IsAllBut ? "HEADER.FIELDS.NOT " : "HEADER.FIELDS ",
            });
        }

        if (section.Fields.Count > 0)
            label.Append('(').AppendJoin(' ', section.Fields.Select(Name)).Append(')');
        label.Append(']');
        if (partial is { } range)
            label.Append(CultureInfo.InvariantCulture, $"<{range.Start}>");
        return Encoding.ASCII.GetBytes(label.ToString());

        static string Name(byte[] field)
        {
            var text = Encoding.ASCII.GetString(field);
            return field.AsSpan().ContainsAnyExcept(AStringChars) ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : text;
        }
    }
}
