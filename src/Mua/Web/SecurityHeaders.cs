using Microsoft.AspNetCore.Http;

namespace MailSuite.Mua.Web;

/// <summary>What every answer says to the browser, unless its endpoint says something stricter itself.</summary>
internal static class SecurityHeaders
{
    /// <summary>Nothing from strangers, no inline script, no inline style sheet; style attributes are what a virtualised list needs.</summary>
    internal const string PagePolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>For the HTML of a message in its frame: no script, no form, nothing fetched but our own pictures.</summary>
    internal const string MessagePolicy =
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'";

    /// <summary>The same after the reader asked for pictures of other hosts.</summary>
    internal const string MessagePolicyWithRemotePictures =
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data: https: http:; style-src 'unsafe-inline'; frame-ancestors 'self'";

    internal static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = PagePolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}
