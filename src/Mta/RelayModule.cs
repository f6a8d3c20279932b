using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Dsn;
using MailSuite.Mta.Dsn.Incoming;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Notices;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
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
        .AddNotices(options)
        .AddGauges(options)
        .AddSingleton<DeliveryLimits>()
        .AddSingleton<QueueBell>()
        .AddSingleton<Arrivals>()
        .AddSingleton<SpoolStore>()
        .AddSingleton<ISpool>(provider => provider.GetRequiredService<SpoolStore>())
        .AddSingleton<IReadiness, SpoolReadiness>()
        .AddSingleton<IDnsResolver, DnsClientResolver>()
        .AddSingleton<IMailQueue, MailQueue>()
        .AddSingleton<Suppressions>()
        .AddSingleton<ISuppressions>(provider => provider.GetRequiredService<Suppressions>())
        .AddSingleton<RouteTable>()
        .AddSingleton<Router>()
        .AddSingleton<IncomingDirectory>()
        .AddHostedService(provider => provider.GetRequiredService<IncomingDirectory>())
        .AddSingleton<TrustedRoots>()
        .AddSingleton<ClientConditions>()
        .AddSingleton<Dialer>()
        .AddSingleton<SessionPool>()
        .AddHostedService(provider => provider.GetRequiredService<SessionPool>())
        .AddSingleton<ITlsRequirements, ConfiguredTls>()
        .AddSingleton<ITlsRecords, TlsRecords>()
        .AddSingleton<TlsMemory>()
        .AddSingleton<Courier>()
        .AddSingleton<PrimaryCheck>()
        .AddSingleton<DeliveryReport>()
        .AddSingleton<DoubleBounces>()
        .AddSingleton<ReceivedReports>()
        .AddHostedService(provider => provider.GetRequiredService<ReceivedReports>())
        .AddSingleton<SrsKeys>()
        .AddHostedService(provider => provider.GetRequiredService<SrsKeys>())
        .AddSingleton<SenderRewriting>()
        .AddSingleton<ForwardedCopies>()
        .AddSingleton<QueuedForwarding>()
        .AddSingleton<RetrySchedule>()
        .AddSingleton<SettlementRules>()
        .AddSingleton<DestinationBreakers>()
        .AddSingleton<HeldDomains>()
        .AddSingleton<ClockReturn>()
        .AddSingleton<IClockFollower, QueueClock>()
        .AddSingleton<AttemptJourney>()
        .AddSingleton<AttemptCommit>()
        .AddSingleton<LaneKeys>()
        .AddSingleton<DeliveryAttempt>()
        .AddSingleton<Reporting>()
        .AddSingleton<OverdueMail>()
        .AddHostedService<SpoolStart>()
        .AddSingleton<RelayQueue>()
        .AddSingleton<TurnedDelivery>()
        .AddHostedService(provider => provider.GetRequiredService<RelayQueue>());
}
