using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The argument of EHLO and HELO: who the client says it is (RFC 5321 §4.1.1.1).</summary>
/// <remarks>
/// DEVIATION: unless <see cref="HelloName.Rfc"/> is asked for, any word of letters, digits and <c>- . _</c> is taken too, and an IP address
/// without its brackets: hosts with an underscore in their name exist, and RFC 5321 §4.1.4 wants no mail refused for the name. It is put in the
/// Received field and never believed. What begins as an address literal must be one.
/// </remarks>
internal static class ClientName
{
    private static readonly SearchValues<char> Tolerated =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? name, HelloName rule = HelloName.Tolerant)
    {
        name = IsOfRfc(text) || (rule == HelloName.Tolerant && IsTolerable(text)) ? text.ToString() : null;
        return name is not null;
    }

    /// <summary>A domain in ASCII (RFC 6531 §3.7.1) or an address literal (RFC 5321 §4.1.3).</summary>
    private static bool IsOfRfc(ReadOnlySpan<char> text) => Ascii.IsValid(text) && Domain.TryParse(text, out _);

    private static bool IsTolerable(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text.Length <= Domain.MaxOctets && (!text.ContainsAnyExcept(Tolerated) || IsBareIpv6(text));

    private static bool IsBareIpv6(ReadOnlySpan<char> text) => !text.ContainsAny('[', '%', '/') && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
}
