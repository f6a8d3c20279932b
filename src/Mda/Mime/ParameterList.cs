using System.Buffers;
using System.Text;

namespace MailSuite.Mda.Mime;

/// <summary>The parameters of one field (RFC 2045 §5.1), continuations joined (RFC 2231 §3), values as they are.</summary>
internal sealed class ParameterList
{
    private static readonly SearchValues<byte> Semicolon = SearchValues.Create(";"u8);

    private static readonly SearchValues<byte> ValueEnds = SearchValues.Create("; \t\r\n"u8);

    private readonly OctetBuffer _text = new();
    private readonly List<Parameter> _all = [];

    /// <summary>Reads what follows the value of a field, from its first semicolon on.</summary>
    internal void Read(ref HeaderText text)
    {
        Clear();
        var hasSections = false;
        while (_all.Count < MimeLimits.MaxParameters)
        {
            text.SkipTo(Semicolon);
            if (!text.TryTake((byte)';'))
                break;
            if (TryRead(ref text, out var parameter))
            {
                _all.Add(parameter);
                hasSections |= parameter.Section >= 0;
            }
        }

        if (hasSections)
            Join();
    }

    internal void Clear()
    {
        _text.Clear(keep: 16 * 1024);
        _all.Clear();
    }

    /// <summary>Valid until the next reading; empty where there is none.</summary>
    internal bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var parameter in _all)
        {
            if (Ascii.EqualsIgnoreCase(_text[parameter.Name], name))
            {
                value = _text[parameter.Value];
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Writes them as body-fld-param (RFC 9051 §9): a list, or NIL where there are none.</summary>
    /// <param name="charset">Adds the charset that a text without one has (RFC 2046 §4.1.2).</param>
    internal void Write(OctetBuffer wire, bool charset)
    {
        charset = charset && !TryGet("charset"u8, out _);
        if (_all.Count == 0 && !charset)
        {
            wire.Append("NIL"u8);
            return;
        }

        wire.Append((byte)'(');
        for (var i = 0; i < _all.Count; i++)
        {
            if (i > 0)
                wire.Append((byte)' ');
            WireText.AppendString(wire, _text[_all[i].Name]);
            wire.Append((byte)' ');
            WireText.AppendString(wire, _text[_all[i].Value]);
        }

        if (charset)
            wire.Append(_all.Count > 0 ? " \"charset\" \"us-ascii\""u8 : "\"charset\" \"us-ascii\""u8);
        wire.Append((byte)')');
    }

    private bool TryRead(ref HeaderText text, out Parameter parameter)
    {
        parameter = default;
        text.SkipBlanks();
        var start = _text.Length;
        if (!text.TryMimeToken(_text))
            return false;
        var name = _text.Since(start);
        text.SkipBlanks();
        if (!text.TryTake((byte)'='))
            return false;
        text.SkipBlanks();
        start = _text.Length;
        if (text.Next != '"')
            text.TakeUntil(ValueEnds, _text);
        else if (!text.TakeQuoted(_text))
            return false;
        var value = _text.Since(start);
        parameter = Sectioned(name, value);
        return true;
    }

    /// <summary>Tells <c>name*0</c> and <c>name*0*</c> from a plain name; <c>name*</c> is one.</summary>
    private Parameter Sectioned(Slice name, Slice value)
    {
        var text = _text[name];
        var extended = text[^1] == '*';
        var digits = extended ? text[..^1] : text;
        var star = digits.LastIndexOf((byte)'*');
        if (star <= 0 || star == digits.Length - 1 || digits.Length - star > 5 || digits[(star + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return new Parameter(name, value, Section: -1, Extended: false, default);
        var section = 0;
        foreach (var digit in digits[(star + 1)..])
            section = section * 10 + digit - '0';
        return new Parameter(name, value, section, extended, new Slice(name.Start, star));
    }

    /// <summary>Puts the sections of a name together where none is missing; else they stay as they came.</summary>
    private void Join()
    {
        for (var i = 0; i < _all.Count; i++)
        {
            if (_all[i].Section < 0)
                continue;

            var sections = SectionsOf(_text[_all[i].BaseName], i);
            if (sections.Count == 0)
                continue;
            var joined = JoinSections(sections);
            var first = _all[i];
            foreach (var section in sections)
                _all.Remove(section);
            _all.Insert(i, joined with { BaseName = first.BaseName });
        }
    }

    private List<Parameter> SectionsOf(ReadOnlySpan<byte> name, int from)
    {
        var sections = new List<Parameter>();
        for (var i = from; i < _all.Count; i++)
        {
            if (_all[i].Section >= 0 && Ascii.EqualsIgnoreCase(_text[_all[i].BaseName], name))
                sections.Add(_all[i]);
        }

        sections.Sort(static (one, other) => one.Section.CompareTo(other.Section));
        for (var i = 0; i < sections.Count; i++)
        {
            if (sections[i].Section != i)
                return [];
        }

        return sections;
    }

    /// <summary>One value; where any section is percent-encoded the others are made so too, and the name ends in an asterisk (RFC 2231 §4.1).</summary>
    private Parameter JoinSections(List<Parameter> sections)
    {
        var extended = sections.Exists(static section => section.Extended);
        var start = _text.Length;
        _text.Reserve(sections[0].BaseName.Length);
        _text.Append(_text[sections[0].BaseName]);
        if (extended)
            _text.Append((byte)'*');
        var name = _text.Since(start);
        start = _text.Length;
        // A value must say a charset and a language, if only that it has none.
        if (extended && !sections[0].Extended)
            _text.Append("''"u8);
        foreach (var section in sections)
        {
            _text.Reserve(section.Value.Length * 3);
            if (extended && !section.Extended)
                AppendEncoded(section.Value);
            else
                _text.Append(_text[section.Value]);
        }

        return new Parameter(name, _text.Since(start), Section: -1, Extended: false, default);
    }

    private void AppendEncoded(Slice value)
    {
        foreach (var octet in _text[value])
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'.' or (byte)'-' or (byte)'_')
                _text.Append(octet);
            else
                _text.Append([(byte)'%', Hex(octet >> 4), Hex(octet & 15)]);
        }

        static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }

    private readonly record struct Parameter(Slice Name, Slice Value, int Section, bool Extended, Slice BaseName);
}
