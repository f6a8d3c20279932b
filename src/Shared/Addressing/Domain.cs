using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailSuite.Shared.Addressing;

/// <summary>The right-hand side of a mailbox: a domain name, or an address literal in brackets (RFC 5321 §4.1.2, §4.1.3).</summary>
/// <remarks>
/// A value of this type is always valid. Names are compared by their A-labels without regard to case (RFC 5890 §2.3.2.4), so
/// <c>BÜCHER.example</c> equals <c>xn--bcher-kva.example</c>. General address literals (a tag other than <c>IPv6</c>) are refused:
/// nothing registered uses them.
/// </remarks>
public sealed class Domain : IEquatable<Domain>
{
    /// <summary>Octets of a whole name in A-labels (RFC 5321 §4.5.3.1.2).</summary>
    public const int MaxOctets = 255;

    private const int MaxLabelOctets = 63;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    private Domain(string ascii, string unicode, IPAddress? address)
    {
        Ascii = ascii;
        Unicode = unicode;
        Address = address;
    }

    /// <summary>The form for the wire and for DNS: lower-case A-labels, or the literal with its brackets.</summary>
    public string Ascii { get; }

    /// <summary>The form for people: U-labels where the A-labels stand for such.</summary>
    public string Unicode { get; }

    /// <summary>The address of an address literal; <see langword="null"/> for a name.</summary>
    public IPAddress? Address { get; }

    [MemberNotNullWhen(true, nameof(Address))]
    public bool IsAddressLiteral => Address is not null;

    /// <summary>Reads a domain name or an address literal; a trailing dot is refused, as RFC 5321 §2.3.5 has none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Domain? domain)
    {
        domain = text is ['[', .. var literal, ']'] ? ParseLiteral(literal) : ParseName(text);
        return domain is not null;
    }

    /// <summary>As <see cref="TryParse"/>, for text that is known to be right.</summary>
    /// <exception cref="FormatException">The text is no domain.</exception>
    public static Domain Parse(string text) =>
        TryParse(text, out var domain) ? domain : throw new FormatException($"'{text}' is no domain name and no address literal.");

    public bool Equals(Domain? other) => other is not null && string.Equals(Ascii, other.Ascii, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Domain);

    public override int GetHashCode() => Ascii.GetHashCode(StringComparison.Ordinal);

    /// <summary>The same as <see cref="Ascii"/>.</summary>
    public override string ToString() => Ascii;

    private static Domain? ParseName(ReadOnlySpan<char> text)
    {
        // An A-label is never shorter than a third of its U-label in UTF-16, so longer text cannot be a name.
        if (text.IsEmpty || text.Length > MaxOctets)
            return null;

        if (!System.Text.Ascii.IsValid(text))
            return ParseInternationalName(text);

        if (!IsLdhName(text))
            return null;

        var ascii = string.Create(text.Length, text, static (target, source) => source.ToLowerInvariant(target));
        if (!ascii.Contains("xn--", StringComparison.Ordinal))
            return new Domain(ascii, ascii, null);

        try
        {
            return new Domain(ascii, Idn.GetUnicode(ascii), null);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Domain? ParseInternationalName(ReadOnlySpan<char> text)
    {
        try
        {
            var ascii = Idn.GetAscii(text.ToString().Normalize(NormalizationForm.FormC)).ToLowerInvariant();
            return IsLdhName(ascii) ? new Domain(ascii, Idn.GetUnicode(ascii), null) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>sub-domain *("." sub-domain), each Let-dig [Ldh-str] and at most 63 octets (RFC 5321 §4.1.2, RFC 1035 §2.3.4).</summary>
    private static bool IsLdhName(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxOctets)
            return false;

        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.IsEmpty || label.Length > MaxLabelOctets || label[0] == '-' || label[^1] == '-')
                return false;

            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                    return false;
            }
        }

        return true;
    }

    private static Domain? ParseLiteral(ReadOnlySpan<char> text)
    {
        const string Tag = "IPv6:";
        if (text.StartsWith(Tag, StringComparison.OrdinalIgnoreCase))
        {
            var rest = text[Tag.Length..];
            if (rest.IndexOfAny('[', '%', '/') >= 0 || !IPAddress.TryParse(rest, out var v6) || v6.AddressFamily != AddressFamily.InterNetworkV6)
                return null;
            return Literal($"[{Tag}{v6}]", v6);
        }

        return IsDottedQuad(text) && IPAddress.TryParse(text, out var v4) ? Literal($"[{v4}]", v4) : null;

        static Domain Literal(string text, IPAddress address) => new(text, text, address);
    }

    /// <summary>Snum 3("." Snum): IPAddress alone would also take octal, hexadecimal and shortened forms.</summary>
    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0'))
                return false;
            if (!byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return false;
        }

        return parts == 4;
    }
}
