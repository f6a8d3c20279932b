using System.Text.Json;
using System.Threading.Channels;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Api;

/// <summary>The queue of the program: what is in it, and orders for it.</summary>
internal static class QueueEndpoints
{
    private const int MaxRecipients = 1000;

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/queue/list", ListAsync);
        api.MapPost("/queue/stats", SummarizeAsync);
        api.MapPost("/queue/done", ListRetiredAsync);
        api.MapPost("/queue/orders", OrderAsync);
        api.MapGet("/queue/messages/{id}", FindAsync);
        api.MapGet("/queue/messages/{id}/raw", OpenAsync);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, [FromServices] IMailQueue queue, CancellationToken cancellationToken)
    {
        var (query, refusal) = await ReadAsync<QueueListQuery>(request, cancellationToken);
        if (query is null)
            return refusal!;
        var page = query.Page ?? new QueuePageRequest();
        return page.Limit is < 1 or > QueuePageRequest.MaxLimit ? Problems.Unprocessable($"limit is from 1 to {QueuePageRequest.MaxLimit}.")
            : page.MaxRecipients is < 1 or > MaxRecipients ? Problems.Unprocessable($"maxRecipients is from 1 to {MaxRecipients}.")
            : Mistake(query.Filter) is { } mistake ? Problems.Unprocessable(mistake)
            : ApiJson.Ok(await queue.ListAsync(query.Filter ?? QueueFilter.Everything, page, cancellationToken));
    }

    private static async Task<IResult> SummarizeAsync(HttpRequest request, [FromServices] IMailQueue queue, CancellationToken cancellationToken)
    {
        var (query, refusal) = await ReadAsync<QueueListQuery>(request, cancellationToken);
        return query is null ? refusal!
            : Mistake(query.Filter) is { } mistake ? Problems.Unprocessable(mistake)
            : ApiJson.Ok(await queue.SummarizeAsync(query.Filter ?? QueueFilter.Everything, cancellationToken));
    }

    private static async Task<IResult> ListRetiredAsync(HttpRequest request, [FromServices] IMailQueue queue, CancellationToken cancellationToken)
    {
        var (query, refusal) = await ReadAsync<RetiredListQuery>(request, cancellationToken);
        if (query is null)
            return refusal!;
        var page = query.Page ?? new RetiredPageRequest();
        return page.Limit is < 1 or > QueuePageRequest.MaxLimit
            ? Problems.Unprocessable($"limit is from 1 to {QueuePageRequest.MaxLimit}.")
            : ApiJson.Ok(await queue.ListRetiredAsync(query.Filter ?? new RetiredFilter(), page, cancellationToken));
    }

    private static async Task<IResult> FindAsync(string id, [FromServices] IMailQueue queue, CancellationToken cancellationToken) =>
        await queue.FindAsync(id, cancellationToken) is { } mail ? ApiJson.Ok(mail) : NotFound(id);

    private static async Task<IResult> OpenAsync(string id, [FromServices] IMailQueue queue, CancellationToken cancellationToken) =>
        await queue.OpenAsync(id, cancellationToken) is { } octets ? TypedResults.Stream(octets, "message/rfc822") : NotFound(id);

    private static IResult NotFound(string id) => Problems.NotFound($"There is no message {id} in the queue.");

    private static async Task<IResult> OrderAsync(HttpRequest request, [FromServices] IMailQueue queue, CancellationToken cancellationToken)
    {
        var (query, refusal) = await ReadAsync<QueueOrderQuery>(request, cancellationToken);
        return query?.Order is null || query.Filter is null
            ? refusal ?? Problems.Unprocessable("An order has a field “order” with its action and by whom it is given, and a field “filter”; an empty one means the whole queue.")
            : TypedResults.Stream(target => AnswerAsync(query.Order, query.Filter, queue, target, cancellationToken), "application/x-ndjson");
    }

    /// <summary>A line for each write, as far as the client takes them, and a last one with the outcome.</summary>
    private static async Task AnswerAsync(QueueOrder order, QueueFilter filter, IMailQueue queue, Stream target, CancellationToken cancellationToken)
    {
        var steps = Channel.CreateBounded<QueueOrderProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var running = RunAsync();
        await foreach (var step in steps.Reader.ReadAllAsync(cancellationToken))
            await WriteAsync(new QueueOrderLine(QueueOrderState.Running, step.Messages, step.Recipients, null));
        await WriteAsync(await running switch
        {
            QueueOrderOutcome.Done done => new QueueOrderLine(QueueOrderState.Done, done.Messages, done.Recipients, null),
            QueueOrderOutcome.Interrupted some => new QueueOrderLine(QueueOrderState.Interrupted, some.Messages, some.Recipients, some.Reason),
            QueueOrderOutcome.Refused refused => new QueueOrderLine(QueueOrderState.Refused, 0, 0, refused.Reason),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        });

        async Task<QueueOrderOutcome> RunAsync()
        {
            try
            {
                return await queue.OrderAsync(order, filter, new Steps(steps.Writer), cancellationToken);
            }
            finally
            {
                steps.Writer.Complete();
            }
        }

        async Task WriteAsync(QueueOrderLine line)
        {
            await JsonSerializer.SerializeAsync(target, line, ApiJson.Options, cancellationToken);
            await target.WriteAsync("\n"u8.ToArray(), cancellationToken);
            await target.FlushAsync(cancellationToken);
        }
    }

    private static string? Mistake(QueueFilter? filter) => filter?.Ids.Count > QueueFilter.MaxIds ? $"A filter names {QueueFilter.MaxIds} ids at most." : null;

    private static async ValueTask<(T? Query, IResult? Refusal)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, ApiJson.Requests, cancellationToken) is { } query
                ? (query, null)
                : (null, Problems.Unprocessable("The request needs a body in JSON."));
        }
        catch (JsonException e)
        {
            return (null, Problems.Unprocessable($"The body is not the JSON of this request: {e.Message}"));
        }
        catch (BadHttpRequestException e)
        {
            return (null, Problems.Of(e.StatusCode, $"The request cannot be read: {e.Message}"));
        }
    }

    private sealed class Steps(ChannelWriter<QueueOrderProgress> writer) : IProgress<QueueOrderProgress>
    {
        public void Report(QueueOrderProgress value) => writer.TryWrite(value);
    }
}
