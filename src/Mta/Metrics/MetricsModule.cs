using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mta.Metrics;

/// <summary>Registers what is read when somebody looks, if somebody does.</summary>
internal static class MetricsModule
{
    public static IServiceCollection AddGauges(this IServiceCollection services, MtaOptions options) =>
        options.HasMetrics ? services.AddSingleton<QueueSizes>().AddHostedService<MtaGauges>() : services;
}
