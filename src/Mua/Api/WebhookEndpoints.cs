using MailSuite.Shared.Contracts.Mta;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Api;

/// <summary>The webhooks of the settings: how it goes with them, and a try.</summary>
internal static class WebhookEndpoints
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/webhooks", ([FromServices] IWebhooks webhooks) => ApiJson.Ok<IReadOnlyList<WebhookView>>([.. webhooks.List().Select(Views.Of)]));
        api.MapPost("/webhooks/{name}/test", TryAsync);
    }

    private static async Task<IResult> TryAsync(string name, [FromServices] IWebhooks webhooks, CancellationToken cancellationToken) =>
        await webhooks.TryAsync(name, cancellationToken) is { } answer ? ApiJson.Ok(Views.Of(answer)) : Problems.NotFound($"The settings have no webhook “{name}”.");
}
