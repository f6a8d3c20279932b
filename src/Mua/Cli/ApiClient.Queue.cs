using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MailSuite.Mua.Api;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mua.Cli;

/// <summary>The queue.</summary>
internal sealed partial class ApiClient
{
    private const string Suppressions = "api/v1/queue/suppressions";

    public Task<QueuePage> QueueAsync(QueueFilter filter, QueuePageRequest page, CancellationToken cancellationToken) =>
        PostAsync("api/v1/queue/list", new QueueListQuery(filter, page), CliJson.Default.QueueListQuery, CliJson.Default.QueuePage, cancellationToken);

    public Task<QueueSummary> QueueStatsAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        PostAsync("api/v1/queue/stats", new QueueListQuery(filter, null), CliJson.Default.QueueListQuery, CliJson.Default.QueueSummary, cancellationToken);

    public Task<RetiredPage> RetiredAsync(RetiredFilter filter, RetiredPageRequest page, CancellationToken cancellationToken) =>
        PostAsync("api/v1/queue/done", new RetiredListQuery(filter, page), CliJson.Default.RetiredListQuery, CliJson.Default.RetiredPage, cancellationToken);

    public Task<QueuedMailDetail> QueuedMessageAsync(string id, CancellationToken cancellationToken) =>
        GetAsync($"api/v1/queue/messages/{Uri.EscapeDataString(id)}", CliJson.Default.QueuedMailDetail, cancellationToken);

    public async Task CopyQueuedAsync(string id, Stream target, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"api/v1/queue/messages/{Uri.EscapeDataString(id)}/raw"), cancellationToken);
        await response.Content.CopyToAsync(target, cancellationToken);
    }

    /// <summary>Gives an order; what it has come to, line by line, the outcome last.</summary>
    public async IAsyncEnumerable<QueueOrderLine> OrderAsync(QueueOrder order, QueueFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var content = JsonContent.Create(new QueueOrderQuery(order, filter), CliJson.Default.QueueOrderQuery);
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, "api/v1/queue/orders") { Content = content }, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ReadLineAsync(lines, cancellationToken) is { } line)
            yield return JsonSerializer.Deserialize(line, CliJsonLines.Default.QueueOrderLine)!;
    }

    public Task<IReadOnlyList<Suppression>> SuppressionsAsync(string? text, string? after, CancellationToken cancellationToken) => GetAsync(
        $"{Suppressions}?limit={QueuePageRequest.MaxLimit}&text={Uri.EscapeDataString(text ?? "")}&after={Uri.EscapeDataString(after ?? "")}", CliJson.Default.IReadOnlyListSuppression, cancellationToken);

    public Task<SuppressionCount> SuppressAsync(EnvelopeAddress address, string reason, CancellationToken cancellationToken) =>
        PostAsync(Suppressions, new SuppressionRequest(address.ToString(), reason), CliJson.Default.SuppressionRequest, CliJson.Default.SuppressionCount, cancellationToken);

    public Task<SuppressionCount> UnsuppressAsync(EnvelopeAddress address, CancellationToken cancellationToken) =>
        DeleteAsync($"{Suppressions}/{Uri.EscapeDataString(address.ToString())}", CliJson.Default.SuppressionCount, cancellationToken);

    public Task<SuppressionCount> ClearSuppressionsAsync(CancellationToken cancellationToken) => DeleteAsync(Suppressions, CliJson.Default.SuppressionCount, cancellationToken);

    private async Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private static async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The program has gone; so much is done as it has said.
            return null;
        }
    }

    private async Task<TAnswer> PostAsync<TQuery, TAnswer>(string path, TQuery query, JsonTypeInfo<TQuery> queryType, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(query, queryType) }, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }
}
