using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda;

/// <summary>Delivers, stores and gives access. Gives <see cref="ILocalDelivery"/>, <see cref="IRecipientDirectory"/>, <see cref="IAccounts"/>, <see cref="IMailboxes"/> and <see cref="IMailboxChanges"/>.</summary>
public static class MdaModule
{
    public static IServiceCollection AddMda(this IServiceCollection services, MdaOptions options) => services.AddSingleton(options);
}
