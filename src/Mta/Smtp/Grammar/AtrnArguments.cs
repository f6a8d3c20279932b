using System.Diagnostics.CodeAnalysis;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The argument of ATRN: <c>[ domain *( "," domain ) ]</c> (RFC 2645 §5.2.1).</summary>
internal static class AtrnArguments
{
    /// <param name="domains">Each once; none when the client asks for all that it has.</param>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IReadOnlyList<Domain>? domains)
    {
        domains = [];
        if (text.IsEmpty)
            return true;

        var found = new List<Domain>();
        domains = null;
        foreach (var range in text.Split(','))
        {
            if (!Domain.TryParse(text[range], out var domain))
                return false;
            if (!found.Contains(domain))
                found.Add(domain);
        }

        domains = found;
        return true;
    }
}
