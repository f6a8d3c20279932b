using System.Text.Json;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Api;

/// <summary>The addresses to which nothing is sent.</summary>
internal static class SuppressionEndpoints
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/queue/suppressions", ListAsync);
        api.MapPost("/queue/suppressions", AddAsync);
        api.MapDelete("/queue/suppressions/{address}", RemoveAsync);
        api.MapDelete("/queue/suppressions", async ([FromServices] ISuppressions suppressions, CancellationToken cancellationToken) =>
            ApiJson.Ok(new SuppressionCount(await suppressions.ClearAsync(cancellationToken))));
    }

    private static async Task<IResult> ListAsync(string? text, string? after, int? limit, [FromServices] ISuppressions suppressions, CancellationToken cancellationToken) =>
        limit is < 1 or > QueuePageRequest.MaxLimit
            ? Problems.Unprocessable($"limit is from 1 to {QueuePageRequest.MaxLimit}.")
            : ApiJson.Ok(await suppressions.ListAsync(text, after, limit ?? QueuePageRequest.MaxLimit, cancellationToken));

    private static async Task<IResult> AddAsync(HttpRequest request, [FromServices] ISuppressions suppressions, CancellationToken cancellationToken)
    {
        SuppressionRequest? wanted;
        try
        {
            wanted = await JsonSerializer.DeserializeAsync<SuppressionRequest>(request.Body, ApiJson.Requests, cancellationToken);
        }
        catch (JsonException e)
        {
            return Problems.Unprocessable($"The body is not the JSON of this request: {e.Message}");
        }

        if (!EnvelopeAddress.TryParse(wanted?.Address, out var address))
            return NoAddress(wanted?.Address);
        await suppressions.AddAsync(address, wanted?.Reason ?? "", cancellationToken);
        return ApiJson.Ok(new SuppressionCount(1));
    }

    private static async Task<IResult> RemoveAsync(string address, [FromServices] ISuppressions suppressions, CancellationToken cancellationToken) =>
        !EnvelopeAddress.TryParse(address, out var parsed) ? NoAddress(address)
        : await suppressions.RemoveAsync(parsed, cancellationToken) ? ApiJson.Ok(new SuppressionCount(1))
        : Problems.NotFound($"{parsed.ToDisplayString()} is not on the list.");

    private static IResult NoAddress(string? text) => Problems.Unprocessable($"“{text}” is no mail address.");
}
