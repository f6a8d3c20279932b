using MailSuite.Mda.Accounts;
using MailSuite.Mda.Delivery;
using MailSuite.Mda.Imap;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Pop3;
using MailSuite.Mda.Search;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Maintenance;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda;

/// <summary>Delivers, stores and gives access. Gives <see cref="ILocalDelivery"/>, <see cref="IRecipientDirectory"/>, <see cref="IAddressLookup"/>, <see cref="IAccounts"/>, <see cref="ISenders"/>, <see cref="IMailboxes"/>, <see cref="IMailboxAdministration"/>, <see cref="IMailboxChanges"/>, <see cref="IImapServer"/>, <see cref="IHiddenCapabilities"/> and <see cref="IPop3Server"/>.</summary>
public static class MdaModule
{
    /// <remarks>
    /// Needs a <see cref="TimeProvider"/> and an <see cref="Shared.Contracts.Mua.IJourneyRecorder"/>. The hosted services open the store
    /// at start and look after it; a program that only calls a contract, as the command line does, need not start them: the store
    /// opens itself on first use.
    /// </remarks>
    public static IServiceCollection AddMda(this IServiceCollection services, MdaOptions options)
    {
        services.AddSingleton(options);

        services.AddSingleton<MailboxChanges>();
        services.AddSingleton<IMailboxChanges>(provider => provider.GetRequiredService<MailboxChanges>());
        services.AddSingleton<MailStore>();
        services.AddSingleton(provider => provider.GetRequiredService<MailStore>().Open);
        services.AddSingleton<MessageStaging>();
        services.AddSingleton<MessageStore>();
        services.AddSingleton<FirstReadings>();
        services.AddSingleton<ExpungeHistory>();
        services.AddSingleton<IMailboxes, Store.Mailboxes>();
        services.AddSingleton<IReadiness, StoreReadiness>();
        services.AddSingleton<IStoreMaintenance, StoreMaintenance>();
        services.AddSingleton<NamespaceChanges>();
        services.AddSingleton<MailboxNames>();
        services.AddSingleton<MailboxAccess>();
        services.AddSingleton<Annotations>();
        services.AddSingleton<Quotas>();
        services.AddSingleton<IMailboxAdministration, MailboxAdministration>();
        services.AddHostedService<StoreOpening>();
        services.AddHostedService<StoreUpkeep>();

        services.AddSingleton<LocalDomains>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton(provider => new SignInThrottle(provider.GetRequiredService<TimeProvider>().Real()));
        services.AddSingleton<SignIns>();
        services.AddSingleton<IAccounts, AccountRegistry>();
        services.AddSingleton<AliasTable>();
        services.AddSingleton<QuotaJudgement>();
        services.AddSingleton<RecipientDirectory>();
        services.AddSingleton<IRecipientDirectory>(provider => provider.GetRequiredService<RecipientDirectory>());
        services.AddSingleton<IAddressLookup, AddressLookup>();

        services.AddSingleton<SentMailCounts>();
        services.AddHostedService(provider => provider.GetRequiredService<SentMailCounts>());
        services.AddSingleton<ISenders, Senders>();

        services.AddSingleton<DetailMailboxes>();
        services.AddSingleton<DeliveryJourney>();
        services.AddSingleton<ILocalDelivery, LocalDeliverer>();

        services.AddSingleton<BodyDerivation>();
        services.AddSingleton<SearchIndex>();
        services.AddSingleton<SearchIndexing>();
        services.AddSingleton<SearchReading>();
        services.AddSingleton<AccountSearch>();

        services.AddImap(options.Imap);
        services.AddPop3();
        return services;
    }
}
