using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mta.Notices;

/// <summary>Registers the webhooks; where the settings have none, nothing but the empty list of them.</summary>
internal static class NoticesModule
{
    public static IServiceCollection AddNotices(this IServiceCollection services, MtaOptions options)
    {
        services.AddSingleton<IWebhooks, Webhooks>();
        return options.Webhooks.Count == 0 ? services : services.AddSingleton<NoticeOutbox>().AddHostedService<NoticeDelivery>();
    }
}
