using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MailSuite.Mua.Api;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Cli;

/// <summary>The API of the running program, as the commands use it; every refusal becomes a <see cref="CommandFailure"/>.</summary>
internal sealed partial class ApiClient(HttpClient http) : IDisposable
{
    /// <summary>Runs one command against the running program and turns failures into a sentence and an exit code.</summary>
    public static async Task<int> UseAsync(ParseResult parsed, Func<ParseResult, RunningProgram> find, Func<ApiClient, Task> work)
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            if (find(parsed) is not RunningProgram.Found { Api: var http })
                throw new CommandFailure(CommandExit.Unavailable, ((RunningProgram.NotFound)find(parsed)).Reason);
            using var api = new ApiClient(http);
            await work(api);
            return CommandExit.Ok;
        }
        catch (CommandFailure e)
        {
            await error.WriteLineAsync($"mailsuite: {ConsoleText.Clean(e.Message)}");
            return e.ExitCode;
        }
    }

    public void Dispose() => http.Dispose();

    public Task<IReadOnlyList<MailboxView>> MailboxesAsync(EnvelopeAddress account, CancellationToken cancellationToken) =>
        GetAsync($"{Account(account)}/mailboxes", CliJson.Default.IReadOnlyListMailboxView, cancellationToken);

    /// <param name="query">Names and values of the query; without a value a name is left out.</param>
    public Task<MessageListView> MessagesAsync(EnvelopeAddress account, CancellationToken cancellationToken, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var parts = new List<string>();
        foreach (var (name, value) in query)
        {
            if (value is not null)
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return GetAsync($"{Account(account)}/messages?{string.Join('&', parts)}", CliJson.Default.MessageListView, cancellationToken);
    }

    public Task<MessageDetailView> MessageAsync(EnvelopeAddress account, long mailbox, uint uid, CancellationToken cancellationToken) =>
        GetAsync($"{Account(account)}/mailboxes/{mailbox}/messages/{uid}", CliJson.Default.MessageDetailView, cancellationToken);

    public async Task CopyRawAsync(EnvelopeAddress account, long mailbox, uint uid, Stream target, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{Account(account)}/mailboxes/{mailbox}/messages/{uid}/raw"), cancellationToken);
        await response.Content.CopyToAsync(target, cancellationToken);
    }

    public async Task<SubmissionView> SubmitAsync(EnvelopeAddress account, SubmissionRequest message, IReadOnlyList<FileInfo> attachments, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        form.Add(JsonContent.Create(message, CliJson.Default.SubmissionRequest), "message");
        foreach (var file in attachments)
            form.Add(new StreamContent(file.OpenRead()), "attachment", file.Name);
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, $"{Account(account)}/submissions") { Content = form }, cancellationToken);
        return await ReadAsync(response, CliJson.Default.SubmissionView, cancellationToken);
    }

    public Task<IReadOnlyList<JourneyView>> JourneysAsync(string query, CancellationToken cancellationToken) =>
        GetAsync($"api/v1/journeys?query={Uri.EscapeDataString(query)}", CliJson.Default.IReadOnlyListJourneyView, cancellationToken);

    public Task<ClockView> ClockAsync(CancellationToken cancellationToken) => GetAsync("api/v1/clock", CliJson.Default.ClockView, cancellationToken);

    public Task<ClockView> ShiftClockAsync(string by, CancellationToken cancellationToken) =>
        PostAsync($"api/v1/clock/shift?by={Uri.EscapeDataString(by)}", CliJson.Default.ClockView, cancellationToken);

    public Task<ClockView> ResetClockAsync(CancellationToken cancellationToken) => PostAsync("api/v1/clock/reset", CliJson.Default.ClockView, cancellationToken);

    public Task<IReadOnlyList<WebhookView>> WebhooksAsync(CancellationToken cancellationToken) => GetAsync("api/v1/webhooks", CliJson.Default.IReadOnlyListWebhookView, cancellationToken);

    public Task<WebhookTrialView> TryWebhookAsync(string name, CancellationToken cancellationToken) =>
        PostAsync($"api/v1/webhooks/{Uri.EscapeDataString(name)}/test", CliJson.Default.WebhookTrialView, cancellationToken);

    private static string Account(EnvelopeAddress address) => $"api/v1/accounts/{Uri.EscapeDataString(address.ToString())}";

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private async Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, path), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            using (request)
                response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new CommandFailure(CommandExit.Unavailable, $"The MailSuite at {http.BaseAddress} does not answer: {e.Message}. If it was killed, start it again.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure(CommandExit.Unavailable, $"The MailSuite at {http.BaseAddress} did not answer within {http.Timeout.TotalSeconds:0} s.");
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await FailureAsync(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken)
                ?? throw new CommandFailure(CommandExit.Failed, "The running program answered with nothing.");
        }
        catch (JsonException e)
        {
            throw new CommandFailure(CommandExit.Failed, $"The running program is of another version: its answer cannot be read ({e.Message}).");
        }
    }

    private static async Task<CommandFailure> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        try
        {
            problem = await response.Content.ReadFromJsonAsync(CliJson.Default.Problem, cancellationToken);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or NotSupportedException)
        {
            // Then the status alone must do.
        }

        var said = problem?.Detail ?? problem?.Title ?? $"The running program answered {(int)response.StatusCode} {response.ReasonPhrase}.";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new CommandFailure(CommandExit.Failed, "The running program did not accept our token; it was probably restarted just now. Try again."),
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => new CommandFailure(CommandExit.TryAgain, said),
            _ => new CommandFailure(CommandExit.Failed, said),
        };
    }
}
