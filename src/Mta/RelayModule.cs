using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Dsn;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mta;

/// <summary>The sending half of the MTA: the spool, the queue, routing, the SMTP client and the reports of what could not be delivered.</summary>
internal static class RelayModule
{
    /// <summary>Registers it. The options, a <see cref="TimeProvider"/>, logging and the contracts of the other modules come from elsewhere.</summary>
    internal static IServiceCollection AddRelaying(this IServiceCollection services, MtaOptions options) => services
        .AddSingleton(options.Relay)
        .AddSingleton<DeliveryLimits>()
        .AddSingleton<QueueBell>()
        .AddSingleton<Arrivals>()
        .AddSingleton<SpoolStore>()
        .AddSingleton<ISpool>(provider => provider.GetRequiredService<SpoolStore>())
        .AddSingleton<IReadiness, SpoolReadiness>()
        .AddSingleton<IDnsResolver, DnsClientResolver>()
        .AddSingleton<IMailQueue, MailQueue>()
        .AddSingleton<Router>()
        .AddSingleton<IncomingDirectory>()
        .AddHostedService(provider => provider.GetRequiredService<IncomingDirectory>())
        .AddSingleton<Courier>()
        .AddSingleton<DeliveryReport>()
        .AddSingleton<DoubleBounces>()
        .AddSingleton<RetrySchedule>()
        .AddSingleton<SettlementRules>()
        .AddSingleton<DestinationBreakers>()
        .AddSingleton<HeldDomains>()
        .AddSingleton<ClockReturn>()
        .AddSingleton<IClockFollower, QueueClock>()
        .AddSingleton<AttemptJourney>()
        .AddSingleton<AttemptCommit>()
        .AddSingleton<DeliveryAttempt>()
        .AddSingleton<Reporting>()
        .AddSingleton<OverdueMail>()
        .AddHostedService<SpoolStart>()
        .AddSingleton<RelayQueue>()
        .AddSingleton<TurnedDelivery>()
        .AddHostedService(provider => provider.GetRequiredService<RelayQueue>());
}
