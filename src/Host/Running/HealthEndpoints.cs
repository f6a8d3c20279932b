using System.Net;
using System.Text.Json.Serialization;
using MailSuite.Shared.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Host.Running;

/// <summary><c>/livez</c>: the process answers. <c>/readyz</c>: everything that mail needs works, or 503.</summary>
/// <remarks>Anybody may ask. What is wrong is told to this machine only, since it names files and databases.</remarks>
internal static class HealthEndpoints
{
    /// <summary>How long one check may take before it counts as failed.</summary>
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/livez", static async (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsync("ok\n", context.RequestAborted);
        });
        endpoints.MapGet("/readyz", AnswerAsync);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var checks = await Task.WhenAll(context.RequestServices.GetServices<IReadiness>().Select(check => CheckAsync(check, context.RequestAborted)));
        var ready = checks.All(check => check.Ok);
        var local = context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsJsonAsync(
            new Readiness(ready, local ? checks : [.. checks.Select(check => check with { Problem = null })]), ReadinessJson.Default.Readiness, cancellationToken: context.RequestAborted);
    }

    private static async Task<ReadinessCheck> CheckAsync(IReadiness readiness, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await readiness.CheckAsync(cancellationToken).AsTask().WaitAsync(CheckTimeout, cancellationToken);
            return new ReadinessCheck(readiness.Name, problem is null, problem);
        }
        catch (TimeoutException)
        {
            return new ReadinessCheck(readiness.Name, false, $"No answer within {CheckTimeout.TotalSeconds} s.");
        }
    }
}

/// <summary>The answer of <c>/readyz</c>.</summary>
internal sealed record Readiness(bool Ready, IReadOnlyList<ReadinessCheck> Checks);

internal sealed record ReadinessCheck(string Name, bool Ok, string? Problem);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Readiness))]
internal sealed partial class ReadinessJson : JsonSerializerContext;
