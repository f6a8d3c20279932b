using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Api;

/// <summary>The program's clock.</summary>
internal static class ClockEndpoints
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/clock", (IProgramClock clock) => ApiJson.Ok(Views.Of(clock.Read())));
        api.MapPost("/clock/shift", ShiftAsync);
        api.MapPost("/clock/reset", async (IProgramClock clock, CancellationToken cancellationToken) => Answer(await clock.ResetAsync(cancellationToken)));
    }

    private static async Task<IResult> ShiftAsync(string? by, IProgramClock clock, CancellationToken cancellationToken) => ClockText.TryParse(by, out var ahead)
        ? Answer(await clock.ShiftAsync(ahead, cancellationToken))
        : Problems.Unprocessable($"“{by}” is no time to put the clock ahead by. Write for example +4h, +30min or +5d.");

    private static IResult Answer(ClockChange change) => change switch
    {
        ClockChange.Done done => ApiJson.Ok(Views.Of(done.Reading)),
        ClockChange.Refused refused => Problems.Unprocessable(refused.Reason),
        _ => throw new InvalidOperationException($"No such outcome: {change}"),
    };
}
