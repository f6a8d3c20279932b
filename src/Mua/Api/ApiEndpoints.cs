using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Api;

/// <summary>The HTTP API of the command line, at <c>/api/v1</c>; see <c>ApiModel.cs</c>.</summary>
internal static class ApiEndpoints
{
    internal static void Map(IEndpointRouteBuilder endpoints, MuaOptions options)
    {
        // Only the token: a browser's cookie must not work here, since nothing here asks for an anti-forgery token.
        var api = endpoints.MapGroup("/api/v1").RequireAuthorization(
            new AuthorizationPolicyBuilder(LocalTokenAuthentication.SchemeName).RequireAuthenticatedUser().Build());
        MailboxEndpoints.Map(api);
        SubmissionEndpoint.Map(api, new UploadLimits(options));
        JourneyEndpoints.Map(api);
        ClockEndpoints.Map(api);
        QueueEndpoints.Map(api);
        SuppressionEndpoints.Map(api);
        api.MapFallback(() => Problems.NotFound("There is no such thing in the API."));
    }
}
