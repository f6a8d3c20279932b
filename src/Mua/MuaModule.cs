using MailSuite.Mua.Journey;
using MailSuite.Mua.Journey.Sqlite;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mua;

/// <summary>Composes and reads: webmail, HTTP API, command line, and the store of journeys. Gives <see cref="IJourneyRecorder"/>.</summary>
public static partial class MuaModule
{
    public static IServiceCollection AddMua(this IServiceCollection services, MuaOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<JourneyDatabase>();
        services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<JourneyDatabase>());
        services.AddSingleton(_ => new JourneyQueue());
        services.AddSingleton<IJourneyRecorder>(provider => provider.GetRequiredService<JourneyQueue>());
        services.AddSingleton<IJourneys, SqliteJourneys>();
        services.AddHostedService<JourneyWriter>();
        return services;
    }

    /// <summary>Maps the webmail and the API.</summary>
    public static IEndpointRouteBuilder MapMua(this IEndpointRouteBuilder endpoints) => endpoints;
}
