using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MailSuite.Mua.Api;

/// <summary>Lets in whoever shows the secret of the data directory as a bearer token (RFC 6750 §2.1); that is the owner of this machine.</summary>
internal sealed class LocalTokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, MuaOptions mua) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string SchemeName = "LocalToken";

    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());

        // Digests have one length, so the comparison takes the same time for every token.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(header[Bearer.Length..].Trim()));
        var secret = SHA256.HashData(Encoding.UTF8.GetBytes(mua.LocalToken));
        if (!CryptographicOperations.FixedTimeEquals(shown, secret))
            return Task.FromResult(AuthenticateResult.Fail("The token is not the one of this data directory."));

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "local")], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, "The API needs the token of the data directory, as \"Authorization: Bearer TOKEN\".").ExecuteAsync(Context);
    }
}
