using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>Values that are more than their octets: names of mailboxes, flags, dates.</summary>
internal ref partial struct ImapParser
{
    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>The name of a mailbox, decoded; INBOX in any case is <c>INBOX</c> (RFC 9051 §5.1).</summary>
    /// <param name="utf8">Whether names are UTF-8 in this session; else modified UTF-7 (RFC 3501 §5.1.3) is decoded, and UTF-8 is understood too.</param>
    public bool TryMailbox(bool utf8, [NotNullWhen(true)] out string? name)
    {
        var start = _at;
        name = null;
        if (TryAString(out var octets) && MailboxNameText.TryDecode(octets, utf8, out name))
            return true;
        return Back(start);
    }

    /// <summary>A flag with its backslash, if it has one (RFC 9051 §9, flag).</summary>
    public bool TryFlag(out ReadOnlySpan<byte> flag)
    {
        var start = _at;
        flag = default;
        TryOctet((byte)'\\');
        if (!TryAtom(out _))
            return Back(start);
        flag = _octets[start.._at];
        return true;
    }

    /// <summary>Flags between parentheses.</summary>
    /// <param name="keywords">Those that are no system flags, as written, none twice.</param>
    public bool TryFlagList(out MessageFlags flags, out List<string> keywords)
    {
        var start = _at;
        flags = default;
        keywords = [];
        if (!TryOpen())
            return false;
        if (TryClose())
            return true;

        do
        {
            if (!TryAddFlag(ref flags, keywords))
                return Back(start);
        }
        while (TrySpace());

        return TryClose() || Back(start);
    }

    /// <summary>Flags with or without parentheses, as STORE has them (RFC 9051 §9, store-att-flags).</summary>
    public bool TryFlags(out MessageFlags flags, out List<string> keywords)
    {
        if (IsAt((byte)'('))
            return TryFlagList(out flags, out keywords);

        var start = _at;
        flags = default;
        keywords = [];
        do
        {
            if (!TryAddFlag(ref flags, keywords))
                return Back(start);
        }
        while (TrySpace());

        return true;
    }

    /// <summary>A date, quoted or not (RFC 9051 §9, date).</summary>
    public bool TryDate(out DateOnly date)
    {
        var start = _at;
        date = default;
        var quoted = TryOctet((byte)'"');
        if (!TryDay(out var day) || !TryMonthAndYear(out var month, out var year) || (quoted && !TryOctet((byte)'"')) || day > DateTime.DaysInMonth(year, month))
            return Back(start);

        date = new DateOnly(year, month, day);
        return true;
    }

    /// <summary>A quoted date with time and zone, in UTC then (RFC 9051 §9, date-time).</summary>
    public bool TryDateTime(out DateTimeOffset instant)
    {
        var start = _at;
        instant = default;
        if (!TryOctet((byte)'"'))
            return false;

        TrySpace();
        if (!TryDay(out var day) || !TryMonthAndYear(out var month, out var year) || day > DateTime.DaysInMonth(year, month)
            || !TrySpace() || !TryTwo(out var hour) || !TryOctet((byte)':') || !TryTwo(out var minute) || !TryOctet((byte)':') || !TryTwo(out var second)
            || hour > 23 || minute > 59 || second > 60 || !TrySpace())
        {
            return Back(start);
        }

        var west = IsAt((byte)'-');
        if ((!TryOctet((byte)'-') && !TryOctet((byte)'+')) || !TryTwo(out var zoneHours) || !TryTwo(out var zoneMinutes) || zoneMinutes > 59 || !TryOctet((byte)'"'))
            return Back(start);

        var zone = new TimeSpan(zoneHours, zoneMinutes, 0);
        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc);
        // The first and the last days of the calendar have no room for a zone.
        if ((west && DateTime.MaxValue - local < zone) || (!west && local - DateTime.MinValue < zone))
            return Back(start);

        instant = new DateTimeOffset(west ? local + zone : local - zone, TimeSpan.Zero);
        return true;
    }

    private bool TryAddFlag(ref MessageFlags flags, List<string> keywords)
    {
        if (!TryFlag(out var flag))
            return false;
        if (ImapFlags.TryParse(flag, out var system))
        {
            flags |= system;
            return true;
        }

        // \Recent is the server's to set, and old clients send back what they heard (RFC 3501 §2.3.2); nothing comes of it.
        if (flag[0] == '\\')
            return Ascii.EqualsIgnoreCase(flag, "\\Recent"u8);

        var keyword = Encoding.ASCII.GetString(flag);
        if (!keywords.Contains(keyword, StringComparer.OrdinalIgnoreCase))
            keywords.Add(keyword);
        return true;
    }

    private bool TryDay(out int day)
    {
        day = 0;
        for (var digits = 0; digits < 2 && !IsAtEnd && char.IsAsciiDigit((char)_octets[_at]); digits++)
            day = day * 10 + _octets[_at++] - '0';
        return day > 0;
    }

    private bool TryMonthAndYear(out int month, out int year)
    {
        month = year = 0;
        if (Rest is not [(byte)'-', _, _, _, (byte)'-', _, _, _, _, ..])
            return false;

        var name = Rest.Slice(1, 3);
        for (var i = 0; i < 12 && month == 0; i++)
        {
            if (Ascii.EqualsIgnoreCase(name, Months.Slice(i * 3, 3)))
                month = i + 1;
        }

        if (month == 0 || !int.TryParse(Rest.Slice(5, 4), NumberStyles.None, CultureInfo.InvariantCulture, out year) || year == 0)
            return false;
        _at += 9;
        return true;
    }

    private bool TryTwo(out int number)
    {
        number = 0;
        if (Rest is not [>= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', ..])
            return false;
        number = (Rest[0] - '0') * 10 + Rest[1] - '0';
        _at += 2;
        return true;
    }
}
