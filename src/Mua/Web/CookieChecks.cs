using MailSuite.Shared.Contracts.Mda;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mua.Web;

/// <summary>Ends a browser's session when its account is gone.</summary>
internal static class CookieChecks
{
    internal static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var accounts = context.HttpContext.RequestServices.GetRequiredService<IAccounts>();
        if (context.Principal is { } principal && AccountClaims.TryRead(principal, out var claimed)
            && await accounts.FindAsync(claimed.Id, context.HttpContext.RequestAborted) is { } account && account.Address.Equals(claimed.Address))
            return;

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(context.Scheme.Name);
    }
}
