using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The argument of EHLO and HELO: who the client says it is (RFC 5321 §4.1.1.1).</summary>
/// <remarks>
/// DEVIATION: besides a domain and an address literal, any word of letters, digits and <c>- . _ : [ ]</c> is taken, since hosts with
/// an underscore in their name exist and RFC 5321 §4.1.4 wants no mail refused for the name. It is put in the Received field and never believed.
/// </remarks>
internal static class ClientName
{
    private static readonly SearchValues<char> Tolerated =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (text.IsEmpty || text.Length > Domain.MaxOctets || text.ContainsAnyExcept(Tolerated))
            return false;

        name = text.ToString();
        return true;
    }
}
