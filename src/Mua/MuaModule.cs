using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mua;

/// <summary>Composes and reads: webmail, HTTP API, command line, and the store of journeys. Gives <see cref="IJourneyRecorder"/>.</summary>
public static partial class MuaModule
{
    public static IServiceCollection AddMua(this IServiceCollection services, MuaOptions options) => services.AddSingleton(options);

    /// <summary>Maps the webmail and the API.</summary>
    public static IEndpointRouteBuilder MapMua(this IEndpointRouteBuilder endpoints) => endpoints;
}
