using MailSuite.Mda.Imap.Capabilities;
using MailSuite.Mda.Imap.Commands;
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
        services.AddSingleton<IImapCommand, IdleCommand>();
        return services;
    }
}
