using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mta;

/// <summary>Accepts and relays mail over SMTP. Gives <see cref="ISmtpServer"/> and <see cref="ISubmission"/>.</summary>
public static class MtaModule
{
    public static IServiceCollection AddMta(this IServiceCollection services, MtaOptions options) => services.AddSingleton(options);
}
