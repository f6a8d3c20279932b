using System.Security.Claims;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Authorization;

namespace MailSuite.Mua.Web;

/// <summary>Who may use the pages under <c>/admin</c>: administrators; in the development profile everybody who is signed in.</summary>
/// <remarks>The store is asked each time, for the cookie cannot know that the right was taken away; open pages ask before each look and each order.</remarks>
internal sealed class AdminRight(IAccounts accounts, MuaOptions options) : AuthorizationHandler<AdminRight.Requirement>
{
    internal const string Policy = "administrator";

    internal async ValueTask<bool> HasAsync(ClaimsPrincipal principal, CancellationToken cancellationToken) =>
        AccountClaims.TryRead(principal, out var claimed)
        && await accounts.FindAsync(claimed.Id, cancellationToken) is { } account && account.Address.Equals(claimed.Address)
        && (options.AnyPassword || account.IsAdministrator);

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, Requirement requirement)
    {
        if (await HasAsync(context.User, CancellationToken.None))
            context.Succeed(requirement);
    }

    internal sealed class Requirement : IAuthorizationRequirement;
}
