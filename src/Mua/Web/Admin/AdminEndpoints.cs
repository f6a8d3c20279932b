using MailSuite.Shared.Contracts.Mta;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Web.Admin;

/// <summary>What the pages of administrators need besides pages.</summary>
internal static class AdminEndpoints
{
    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        var admin = endpoints.MapGroup("/admin").RequireAuthorization(AdminRight.Policy);
        admin.MapGet("/", static () => TypedResults.Redirect("/admin/queue"));
        admin.MapGet("/queue/{id}/raw", GetRawAsync);
    }

    /// <summary>The octets as they are sent, as text that nothing in it can turn into anything else.</summary>
    private static async Task<IResult> GetRawAsync(string id, bool? download, HttpContext context, IMailQueue queue, CancellationToken cancellationToken)
    {
        if (await queue.OpenAsync(id, cancellationToken) is not { } stream)
            return TypedResults.NotFound();

        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        context.Response.Headers.CacheControl = "private, no-store";
        return download ?? false
            ? TypedResults.Stream(stream, "message/rfc822", $"{id}.eml")
            : TypedResults.Stream(stream, "text/plain; charset=utf-8");
    }
}
