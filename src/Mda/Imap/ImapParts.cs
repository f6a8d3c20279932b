using MailSuite.Mda.Imap.Capabilities;
using MailSuite.Mda.Imap.Commands;
using MailSuite.Mda.Imap.Notifying;
using MailSuite.Mda.Imap.Fetching;
using MailSuite.Mda.Imap.Incoming;
using MailSuite.Mda.Imap.Searching;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Imap;

/// <summary>What the IMAP server is made of: each command once.</summary>
internal static class ImapParts
{
    public static IServiceCollection AddImap(this IServiceCollection services, ImapOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ImapCapabilities>();
        services.AddSingleton<IHiddenCapabilities, HiddenCapabilities>();
        services.AddSingleton<ImapCommandTable>();
        services.AddSingleton<IImapServer, ImapServer>();
        services.AddSingleton<SignIn>();

        // Any state.
        services.AddSingleton<IImapCommand, CapabilityCommand>();
        services.AddSingleton<IImapCommand, NoopCommand>();
        services.AddSingleton<IImapCommand, LogoutCommand>();
        services.AddSingleton<IImapCommand, IdCommand>();

        // Before somebody has signed in.
        services.AddSingleton<IImapCommand, StartTlsCommand>();
        services.AddSingleton<IImapCommand, LoginCommand>();
        services.AddSingleton<IImapCommand, AuthenticateCommand>();

        // Signed in.
        services.AddSingleton<IImapCommand, EnableCommand>();
        services.AddSingleton<IImapCommand, UnauthenticateCommand>();
        services.AddSingleton<IImapCommand, CompressCommand>();
        services.AddMailboxCommands();
        services.AddSingleton<NotifyTools>();
        services.AddSingleton<IImapCommand, NotifyCommand>();
        services.AddSingleton<IImapCommand, IdleCommand>();

        // Messages that come.
        services.AddSingleton<UrlContents>();
        services.AddSingleton<AppendParts>();
        services.AddSingleton<AppendTargets>();
        services.AddSingleton<IImapCommand, AppendCommand>();

        // The selected mailbox and its messages.
        services.AddSingleton<FetchTools>();
        services.AddSingleton<SearchTools>();
        foreach (var flag in (bool[])[false, true])
        {
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<SelectCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<FetchCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<StoreCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<CopyCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<MoveCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<ExpungeCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<ReplaceCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<SearchCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<SortCommand>(provider, flag));
            services.AddSingleton<IImapCommand>(provider => ActivatorUtilities.CreateInstance<ThreadCommand>(provider, flag));
        }

        services.AddSingleton<IImapCommand, CloseCommand>();
        services.AddSingleton<IImapCommand, UnselectCommand>();
        services.AddSingleton<IImapCommand, CheckCommand>();
        services.AddSingleton<IImapCommand, CancelUpdateCommand>();
        services.AddSingleton<IImapCommand, EsearchCommand>();
        return services;
    }

    /// <summary>The namespace of mailboxes, and what belongs to each.</summary>
    private static void AddMailboxCommands(this IServiceCollection services)
    {
        services.AddSingleton<IImapCommand, CreateCommand>();
        services.AddSingleton<IImapCommand, DeleteCommand>();
        services.AddSingleton<IImapCommand, RenameCommand>();
        services.AddSingleton<IImapCommand, SubscribeCommand>();
        services.AddSingleton<IImapCommand, UnsubscribeCommand>();
        services.AddSingleton<IImapCommand, ListCommand>();
        services.AddSingleton<IImapCommand, LsubCommand>();
        services.AddSingleton<IImapCommand, NamespaceCommand>();
        services.AddSingleton<IImapCommand, StatusCommand>();
        services.AddSingleton<IImapCommand, SetAclCommand>();
        services.AddSingleton<IImapCommand, DeleteAclCommand>();
        services.AddSingleton<IImapCommand, GetAclCommand>();
        services.AddSingleton<IImapCommand, ListRightsCommand>();
        services.AddSingleton<IImapCommand, MyRightsCommand>();
        services.AddSingleton<IImapCommand, GetQuotaCommand>();
        services.AddSingleton<IImapCommand, GetQuotaRootCommand>();
        services.AddSingleton<IImapCommand, GetMetadataCommand>();
        services.AddSingleton<IImapCommand, SetMetadataCommand>();
    }
}
