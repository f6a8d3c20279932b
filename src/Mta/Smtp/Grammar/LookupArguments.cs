using System.Diagnostics.CodeAnalysis;
using System.Text;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The argument of VRFY and EXPN: a mailbox, or the name of a user or of a list, and SMTPUTF8 (RFC 5321 §4.1.1.6; RFC 6531 §3.7.4.2).</summary>
/// <param name="Address">The mailbox; <see langword="null"/> when it is a name.</param>
/// <param name="Name">The name without its quotes; the text as sent when it is a mailbox.</param>
/// <param name="IsAscii">Whether what was asked is ASCII.</param>
/// <param name="SmtpUtf8">Whether the client takes a reply in UTF-8.</param>
internal sealed record LookupArguments(EnvelopeAddress? Address, string Name, bool IsAscii, bool SmtpUtf8)
{
    private const string Parameter = " SMTPUTF8";

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out LookupArguments? arguments)
    {
        arguments = null;
        var smtpUtf8 = text.EndsWith(Parameter, StringComparison.OrdinalIgnoreCase);
        var asked = (smtpUtf8 ? text[..^Parameter.Length] : text).Trim(' ');
        // DEVIATION: angle brackets are tolerated; the grammar has a string, and people copy addresses with theirs.
        if (ForwardPath.TryRead(asked, out var path, out var consumed) && consumed == asked.Length)
        {
            arguments = new LookupArguments(path.Address, path.IsPostmaster ? "postmaster" : asked.ToString(), Ascii.IsValid(asked), smtpUtf8);
            return true;
        }

        if (asked is ['<', .. var inner, '>'])
            asked = inner;
        if (EnvelopeAddress.TryParse(asked, out var address))
        {
            arguments = new LookupArguments(address, asked.ToString(), Ascii.IsValid(asked), smtpUtf8);
            return true;
        }

        var name = asked is ['"', ..] ? Unquote(asked) : asked.ContainsAny('@', '"', '<') ? null : asked.ToString();
        if (string.IsNullOrWhiteSpace(name))
            return false;

        arguments = new LookupArguments(null, name, Ascii.IsValid(name), smtpUtf8);
        return true;
    }

    /// <summary>quoted-string of RFC 5321 §4.1.2, and nothing behind it.</summary>
    private static string? Unquote(ReadOnlySpan<char> text)
    {
        var meaning = new StringBuilder(text.Length);
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
                return at == text.Length - 1 ? meaning.ToString() : null;
            if (text[at] == '\\' && ++at == text.Length)
                return null;
            meaning.Append(text[at]);
        }

        return null;
    }
}
