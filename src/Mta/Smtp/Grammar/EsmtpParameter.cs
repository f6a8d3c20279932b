using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>One parameter of MAIL or RCPT: <c>esmtp-keyword ["=" esmtp-value]</c> (RFC 5321 §4.1.2).</summary>
/// <param name="Keyword">In upper case.</param>
internal readonly record struct EsmtpParameter(string Keyword, string? Value)
{
    /// <summary>Keywords of RFCs, so that the usual ones cost no string.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Usual = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "SIZE", "BODY", "SMTPUTF8", "AUTH", "RET", "ENVID", "NOTIFY", "ORCPT", "BY", "HOLDFOR", "HOLDUNTIL", "MT-PRIORITY")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads all parameters after a path; each must be preceded by a space and none may come twice.</summary>
    public static bool TryReadAll(ReadOnlySpan<char> text, [NotNullWhen(true)] out IReadOnlyList<EsmtpParameter>? parameters)
    {
        parameters = [];
        if (text.IsEmpty)
            return true;

        var found = new List<EsmtpParameter>();
        parameters = null;
        if (text[0] != ' ')
            return false;

        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            if (!TryRead(word, out var parameter) || found.Exists(known => known.Keyword == parameter.Keyword))
                return false;
            found.Add(parameter);
        }

        parameters = found;
        return true;
    }

    private static bool TryRead(ReadOnlySpan<char> word, out EsmtpParameter parameter)
    {
        parameter = default;
        var equals = word.IndexOf('=');
        var keyword = equals < 0 ? word : word[..equals];
        if (keyword.IsEmpty || keyword[0] == '-')
            return false;

        foreach (var c in keyword)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                return false;
        }

        var value = equals < 0 ? null : word[(equals + 1)..].ToString();
        if (value is "" || value?.Contains('=') == true)
            return false;

        parameter = new EsmtpParameter(Usual.TryGetValue(keyword, out var usual) ? usual : keyword.ToString().ToUpperInvariant(), value);
        return true;
    }
}
