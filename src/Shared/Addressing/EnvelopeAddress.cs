using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailSuite.Shared.Addressing;

/// <summary>A mailbox as the envelope names it: <c>Local-part "@" ( Domain / address-literal )</c> (RFC 5321 §4.1.2, RFC 6531 §3.3).</summary>
/// <remarks>
/// Always valid. Two addresses are equal when their domains are and their local-parts are the same characters after unquoting:
/// only the host that owns a mailbox may take <c>Ann</c> and <c>ann</c> for one (RFC 5321 §2.4).
/// </remarks>
public sealed class EnvelopeAddress : IEquatable<EnvelopeAddress>
{
    /// <summary>Octets of an address; a path of 256 has two angle brackets (RFC 5321 §4.5.3.1.3).</summary>
    public const int MaxOctets = 254;

    private EnvelopeAddress(string localPart, Domain domain)
    {
        LocalPart = localPart;
        Domain = domain;
    }

    /// <summary>The local-part's meaning, without quotes and backslashes.</summary>
    public string LocalPart { get; }

    public Domain Domain { get; }

    /// <summary>Whether a server without SMTPUTF8 can take it; the domain always can, by its A-labels.</summary>
    public bool IsAscii => Ascii.IsValid(LocalPart);

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out EnvelopeAddress? address)
    {
        address = null;
        return TryRead(text, out address, out var consumed) && consumed == text.Length;
    }

    /// <summary>As <see cref="TryParse"/>, for text that is known to be right.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static EnvelopeAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no mail address.");

    /// <summary>Puts an address together from its parts; <see langword="false"/> when the local-part cannot be one.</summary>
    /// <param name="localPart">The meaning, unquoted.</param>
    public static bool TryCreate(string localPart, Domain domain, [NotNullWhen(true)] out EnvelopeAddress? address) =>
        TryParse($"{Addressing.LocalPart.ToWire(localPart)}@{domain.Ascii}", out address);

    /// <summary>Reads the address at the start of <paramref name="text"/>; it ends before a blank, a comma, or an angle bracket.</summary>
    internal static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out EnvelopeAddress? address, out int consumed)
    {
        address = null;
        if (!Addressing.LocalPart.TryRead(text, out var localPart, out consumed) || consumed >= text.Length || text[consumed] != '@')
            return false;

        var rest = text[(consumed + 1)..];
        var end = rest.IndexOfAny(' ', '>', ',');
        var name = end < 0 ? rest : rest[..end];
        if (!Domain.TryParse(name, out var domain))
            return false;

        consumed += 1 + name.Length;
        address = new EnvelopeAddress(localPart, domain);
        return Encoding.UTF8.GetByteCount(address.ToString()) <= MaxOctets;
    }

    public bool Equals(EnvelopeAddress? other) =>
        other is not null && string.Equals(LocalPart, other.LocalPart, StringComparison.Ordinal) && Domain.Equals(other.Domain);

    public override bool Equals(object? obj) => Equals(obj as EnvelopeAddress);

    public override int GetHashCode() => HashCode.Combine(LocalPart, Domain);

    /// <summary>The wire form, the domain in A-labels; the local-part is quoted only where it must be.</summary>
    public override string ToString() => $"{Addressing.LocalPart.ToWire(LocalPart)}@{Domain.Ascii}";

    /// <summary>The form for people, the domain in U-labels.</summary>
    public string ToDisplayString() => $"{Addressing.LocalPart.ToWire(LocalPart)}@{Domain.Unicode}";
}
