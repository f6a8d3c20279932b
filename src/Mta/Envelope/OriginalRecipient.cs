using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Envelope;

/// <summary>The ORCPT parameter of RCPT (RFC 3461 §4.2): a recipient as its first sender named it.</summary>
/// <param name="Type">The address type: <c>rfc822</c>, or <c>utf-8</c> (RFC 6533 §3), or another of the registry; an atom, as sent.</param>
/// <param name="Address">Decoded; printable, not empty. Of type <c>utf-8</c> it may have any printable character, otherwise ASCII only.</param>
internal sealed record OriginalRecipient(string Type, string Address)
{
    /// <summary>An address of our own, for one who forwards (RFC 3461 §5.2.7.1).</summary>
    public static OriginalRecipient Of(EnvelopeAddress address) => new(address.IsAscii ? "rfc822" : "utf-8", address.ToString());

    /// <summary>The form that is kept on disk; a type has no semicolon.</summary>
    public override string ToString() => $"{Type};{Address}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static OriginalRecipient FromText(string text)
    {
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        return new OriginalRecipient(text[..semicolon], text[(semicolon + 1)..]);
    }
}
