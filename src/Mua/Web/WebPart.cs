using MailSuite.Mua.Api;
using MailSuite.Mua.Reading;
using MailSuite.Mua.Terminals;
using MailSuite.Mua.Web.Admin;
using MailSuite.Mua.Web.Pages;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mua.Web;

/// <summary>The webmail's services and its order of middleware.</summary>
internal static class WebPart
{
    /// <summary>How long a browser stays signed in without being used.</summary>
    private static readonly TimeSpan SessionLife = TimeSpan.FromDays(14);

    internal static void Add(IServiceCollection services, MuaOptions options)
    {
        services.AddRazorComponents(o => o.TemporaryRedirectionUrlValidityDuration = TimeSpan.FromMinutes(5)).AddInteractiveServerComponents(o =>
        {
            // A reader who closes the lid comes back to a living page; 100 such pages are some 200 MB at most.
            o.DisconnectedCircuitMaxRetained = 50;
            o.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
        });
        services.AddScoped<PageConnection>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<PageConnection>());
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "mailsuite-form";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = Secure(options);
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(o =>
            {
                o.Cookie.Name = "mailsuite";
                o.Cookie.HttpOnly = true;
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = Secure(options);
                o.ExpireTimeSpan = SessionLife;
                o.SlidingExpiration = true;
                o.LoginPath = "/sign-in";
                o.ReturnUrlParameter = "return";
                o.Events.OnValidatePrincipal = CookieChecks.ValidateAsync;
                o.Events.OnRedirectToAccessDenied = static context =>
                {
                    // Who is signed in is not asked to sign in: the page for 403 says what is missing.
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
            })
            .AddScheme<AuthenticationSchemeOptions, LocalTokenAuthentication>(LocalTokenAuthentication.SchemeName, null);
        // Who is signed in stays so when the clock is put ahead.
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme).Configure<TimeProvider>(static (o, clock) => o.TimeProvider = clock.Real());
        services.AddSingleton<AdminRight>();
        services.AddSingleton<IAuthorizationHandler>(provider => provider.GetRequiredService<AdminRight>());
        services.AddAuthorization(static o => o.AddPolicy(AdminRight.Policy, static policy => policy.RequireAuthenticatedUser().AddRequirements(new AdminRight.Requirement())));
        AddKeys(services, options);
        services.AddSingleton<MessageActions>();
        services.AddSingleton<InlinePictures>();
        services.AddSingleton<HtmlView>();
    }

    internal static void Use(WebApplication app, MuaOptions options)
    {
        app.UseExceptionHandler("/problem", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/problem", "?status={0}", createScopeForStatusCodePages: true);
        app.Use(next => context => SecurityHeaders.AddAsync(context, next));
        app.Use(next => context => ShowErrorPage(context, next));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null)
            .Add(endpoint =>
            {
                if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: ComposePage.Route })
                    endpoint.Metadata.Add(new UploadLimits(options));
            });
        MessageEndpoints.Map(app);
        AdminEndpoints.Map(app);
        ApiEndpoints.Map(app, options);
    }

    /// <summary>The page that tells of a refused form is no form itself, so it is asked for with GET.</summary>
    private static Task ShowErrorPage(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
            context.Request.Method = HttpMethods.Get;
        return next(context);
    }

    private static CookieSecurePolicy Secure(MuaOptions options) => options.SecureCookies ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    /// <summary>The keys of cookies and forms, in the data directory so that sessions survive a restart, readable by their owner only.</summary>
    private static void AddKeys(IServiceCollection services, MuaOptions options)
    {
        var folder = Path.Combine(options.DataDirectory, "keys");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        services.AddDataProtection().SetApplicationName("MailSuite").PersistKeysToFileSystem(new DirectoryInfo(folder));
    }
}
