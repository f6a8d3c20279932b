using MailSuite.Mua.Journey;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Api;

/// <summary>Journeys, whole: whoever holds the token owns the machine.</summary>
internal static class JourneyEndpoints
{
    /// <summary>Journeys that one answer gives with all their events.</summary>
    private const int MaxJourneys = 20;

    internal static void Map(IEndpointRouteBuilder api) => api.MapGet("/journeys", SearchAsync);

    private static async Task<IResult> SearchAsync(string? query, IJourneys journeys, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(query))
            return Problems.Unprocessable("Say what to look for: query=…, a Message-ID, a queue id, a journey id, an address, or words of the subject.");

        var whole = new List<JourneyView>();
        foreach (var found in await journeys.SearchAsync(query, party: null, MaxJourneys, cancellationToken))
        {
            if (await journeys.FindAsync(found.Id, cancellationToken) is { } journey)
                whole.Add(Views.Of(journey));
        }

        return ApiJson.Ok(whole);
    }
}
