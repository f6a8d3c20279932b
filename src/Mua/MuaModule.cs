using MailSuite.Mua.Api;
using MailSuite.Mua.Compose;
using MailSuite.Mua.Journey;
using MailSuite.Mua.Journey.Sqlite;
using MailSuite.Mua.Terminals;
using MailSuite.Mua.Web;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mua;

/// <summary>Composes and reads: webmail, HTTP API, command line, and the store of journeys. Gives <see cref="IJourneyRecorder"/> and <see cref="ITerminals"/>.</summary>
public static partial class MuaModule
{
    public static IServiceCollection AddMua(this IServiceCollection services, MuaOptions options)
    {
        services.AddJourneys(options);
        services.AddSingleton<MessageWriter>();
        services.AddSingleton<OutgoingMail>();
        services.AddSingleton<AttachmentShelf>();
        services.AddSingleton<ApiAccounts>();
        services.AddSingleton<TerminalRegister>();
        services.AddSingleton<ITerminals>(provider => provider.GetRequiredService<TerminalRegister>());
        WebPart.Add(services, options);
        return services;
    }

    /// <summary>The store of journeys alone, for a program that has no pages to show them on.</summary>
    public static IServiceCollection AddJourneys(this IServiceCollection services, MuaOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<JourneyDatabase>();
        services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<JourneyDatabase>());
        services.AddSingleton(_ => new JourneyQueue());
        services.AddSingleton<IJourneyRecorder>(provider => provider.GetRequiredService<JourneyQueue>());
        services.AddSingleton<SqliteJourneys>();
        services.AddSingleton<IJourneys>(provider => provider.GetRequiredService<SqliteJourneys>());
        services.AddSingleton<IJourneyLookup>(provider => provider.GetRequiredService<SqliteJourneys>());
        services.AddHostedService<JourneyWriter>();
        return services;
    }

    /// <summary>Puts the webmail and the API into the program's HTTP pipeline: middleware, pages, static files.</summary>
    /// <remarks>Call it after whatever must see a request first, such as forwarded headers. It brings routing itself.</remarks>
    public static void UseMua(this WebApplication app) => WebPart.Use(app, app.Services.GetRequiredService<MuaOptions>());
}
