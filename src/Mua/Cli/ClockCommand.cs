using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MailSuite.Mua.Api;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mua.Cli;

/// <summary><c>mailsuite clock</c>: puts the clock of the running program ahead, and back to the time on the wall.</summary>
internal static class ClockCommand
{
    private static readonly Argument<string[]> By = new("BY")
    {
        Description = "How far ahead, on top of what it is: +4h, +30min, +5d, '1d 12h'",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create(Func<ParseResult, RunningProgram> find)
    {
        var show = new Command("show", "Say what time it is for the program, and on the wall") { Json };
        show.SetAction((parsed, cancellationToken) => RunAsync(parsed, find, api => api.ClockAsync(cancellationToken)));
        var shift = new Command("shift", "Put the clock ahead: what waits for a time that has come then is done at once") { By, Json };
        shift.SetAction((parsed, cancellationToken) => RunAsync(parsed, find, api => api.ShiftClockAsync(string.Join(' ', parsed.GetRequiredValue(By)), cancellationToken)));
        var reset = new Command("reset", "Back to the time on the wall; what waits keeps its waits") { Json };
        reset.SetAction((parsed, cancellationToken) => RunAsync(parsed, find, api => api.ResetClockAsync(cancellationToken)));
        return new Command("clock", "Put the program's clock ahead, to see retries, warnings and expiry in seconds") { show, shift, reset };
    }

    private static Task<int> RunAsync(ParseResult parsed, Func<ParseResult, RunningProgram> find, Func<ApiClient, Task<ClockView>> ask) => ApiClient.UseAsync(parsed, find, async api =>
    {
        var clock = await ask(api);
        await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(Json) ? JsonSerializer.Serialize(clock, CliJson.Default.ClockView) : Text(clock));
    });

    private static string Text(ClockView clock) => clock.ShiftSeconds == 0
        ? $"It is {Instant(clock.Now)}, the time on the wall.{(clock.MayShift ? "" : " The clock of this program may not be put ahead (Clock:Shift).")}"
        : $"It is {Instant(clock.Now)}, {ClockText.Of(TimeSpan.FromSeconds(clock.ShiftSeconds))} ahead of the wall ({Instant(clock.Real)}).";

    private static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
