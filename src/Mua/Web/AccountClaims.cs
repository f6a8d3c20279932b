using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Claims;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MailSuite.Mua.Web;

/// <summary>The account in the cookie of a signed-in browser.</summary>
internal static class AccountClaims
{
    internal static ClaimsPrincipal Of(Account account) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, account.Id.ToString()),
            new Claim(ClaimTypes.Email, account.Address.ToString()),
            new Claim(ClaimTypes.Name, account.DisplayName ?? ""),
        ],
        CookieAuthenticationDefaults.AuthenticationScheme));

    internal static bool TryRead(ClaimsPrincipal principal, [NotNullWhen(true)] out Account? account)
    {
        account = null;
        if (!long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !EnvelopeAddress.TryParse(principal.FindFirstValue(ClaimTypes.Email), out var address))
            return false;

        var name = principal.FindFirstValue(ClaimTypes.Name);
        account = new Account(new AccountId(id), address, string.IsNullOrEmpty(name) ? null : name);
        return true;
    }

    /// <exception cref="InvalidOperationException">Nobody is signed in; pages that ask have refused such requests before.</exception>
    internal static Account Read(ClaimsPrincipal principal) => TryRead(principal, out var account) ? account : throw new InvalidOperationException("Nobody is signed in.");
}
