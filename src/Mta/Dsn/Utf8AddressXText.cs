using System.Globalization;
using System.Text;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Dsn;

/// <summary>Writes an internationalised address in ASCII, for a delivery status that travels without SMTPUTF8 (RFC 6533 §3).</summary>
internal static class Utf8AddressXText
{
    public static string Encode(EnvelopeAddress address)
    {
        var text = new StringBuilder();
        foreach (var rune in address.ToString().EnumerateRunes())
        {
            if (rune.Value is > ' ' and <= '~' and not ('+' or '=' or '\\'))
                text.Append((char)rune.Value);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X}}}");
        }

        return text.ToString();
    }
}
