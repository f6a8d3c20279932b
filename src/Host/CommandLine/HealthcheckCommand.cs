using System.CommandLine;
using System.Net.Http.Json;
using MailSuite.Host.Running;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Host.CommandLine;

/// <summary><c>mailsuite healthcheck</c>: whether the running program is ready for mail. Made for containers.</summary>
internal static class HealthcheckCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command("healthcheck", "Ask the running program whether it is ready for mail; exit code 0 says yes");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var found = RunningPrograms.Find(parsed);
        if (found is RunningProgram.NotFound { Reason: var reason })
        {
            await error.WriteLineAsync($"mailsuite: {reason}");
            return ExitCodes.Failed;
        }

        using var api = ((RunningProgram.Found)found).Api;
        api.Timeout = Timeout;
        try
        {
            using var response = await api.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            var readiness = await response.Content.ReadFromJsonAsync(ReadinessJson.Default.Readiness, cancellationToken);
            foreach (var check in readiness!.Checks.Where(check => !check.Ok))
                await error.WriteLineAsync($"mailsuite: {check.Name}: {check.Problem}");
            if (readiness.Ready)
                await output.WriteLineAsync($"ready: {api.BaseAddress}");
            return readiness.Ready ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
        {
            await error.WriteLineAsync($"mailsuite: {api.BaseAddress} does not answer: {e.Message}");
            return ExitCodes.Failed;
        }
    }
}
