using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mta;

/// <summary>The sending half of the MTA: the spool, the queue, routing, the SMTP client and the reports of what could not be delivered.</summary>
internal static class RelayModule
{
    internal static IServiceCollection AddRelaying(this IServiceCollection services, MtaOptions options) => services;
}
