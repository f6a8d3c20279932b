using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Maildrop;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Policy.Greylisting;
using MailSuite.Mta.Queue;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Smtp;
using MailSuite.Mta.Smtp.Commands;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta;

/// <summary>Accepts and relays mail over SMTP. Gives <see cref="ISmtpServer"/> and <see cref="ISubmission"/>.</summary>
/// <remarks>
/// Needs, from whoever composes: <see cref="TimeProvider"/>, logging, the journey's recorder, the four contracts of the MDA, an
/// <see cref="IServerTls"/> where there is to be TLS, and <see cref="Shared.Contracts.Mua.ITerminals"/> where there are screens.
/// </remarks>
public static class MtaModule
{
    public static IServiceCollection AddMta(this IServiceCollection services, MtaOptions options)
    {
        services.AddSingleton(options);
        services.AddRelaying(options);

        services.AddSingleton<BackupRecipients>();
        services.AddSingleton<RecipientPolicy>();
        services.AddSingleton<SourceRoutePolicy>();
        services.AddSingleton<TurnPolicy>();
        services.AddPolicies();

        services.AddSingleton<DiskSpace>();
        services.AddSingleton<TerminalDelivery>();
        services.AddSingleton<MailAcceptance>();
        services.AddSingleton<ISubmission, SubmissionAcceptance>();

        services.AddSingleton<LocalMail>();
        services.AddSingleton<ILocalMail>(provider => provider.GetRequiredService<LocalMail>());
        services.AddHostedService<MaildropPickup>();

        services.AddSingleton<MessageIntake>();
        services.AddSingleton<SmtpJournal>();
        services.AddSingleton<RoleReversal>();
        services.AddSingleton(CommandsOf);
        services.AddSingleton<ISmtpServer, SmtpServer>();
        return services;
    }

    /// <summary>The policies stand in the order in which they are asked: what is cheap and certain first.</summary>
    private static void AddPolicies(this IServiceCollection services) => services
        .AddSingleton<TrustedNetworks>()
        .AddSingleton<RatePolicy>().AddSingleton<IPolicy>(provider => provider.GetRequiredService<RatePolicy>())
        .AddSingleton<IPolicy, HelloPolicy>()
        .AddSingleton<IPolicy, SubmissionPolicy>()
        .AddSingleton<SenderPolicy>()
        .AddSingleton<IPolicy>(provider => provider.GetRequiredService<SenderPolicy>())
        .AddSingleton<IPolicy, DiskSpacePolicy>()
        .AddSingleton<DnsListLookup>().AddSingleton<IPolicy, DnsListPolicy>()
        .AddSingleton<Greylist>().AddHostedService<GreylistFile>().AddSingleton<IPolicy, GreylistPolicy>()
        .AddSingleton<IPolicy, HeaderPolicy>()
        .AddSingleton<IPolicy, LoopPolicy>()
        .AddSingleton<SendingLimitPolicy>()
        .AddSingleton<IPolicy>(provider => provider.GetRequiredService<SendingLimitPolicy>())
        .AddSingleton<PolicyChain>();

    /// <summary>What waits in the spool of a program that does not run; nothing is changed. Of one that runs, <see cref="IMailQueue"/> tells.</summary>
    /// <exception cref="UnauthorizedAccessException">It is not this user's to see.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<QueuedMail> ReadQueue(string dataDirectory) => SpoolLook.At(dataDirectory);

    /// <summary>Which way mail would leave now, by these options and the DNS; nothing is sent and nothing is changed.</summary>
    public static Task<RouteTold> TellRouteAsync(MtaOptions options, EnvelopeAddress recipient, ReversePath sender, CancellationToken cancellationToken)
    {
        var dns = new DnsClientResolver(options.Relay, TimeProvider.System);
        return new RouteTeller(new RouteTable(options.Relay), new Router(options, dns), dns).TellAsync(recipient, sender, cancellationToken);
    }

    /// <summary>The extensions stand in the order in which EHLO names them.</summary>
    private static SmtpCommandTable CommandsOf(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<MtaOptions>();
        var clock = provider.GetRequiredService<TimeProvider>();
        var log = provider.GetRequiredService<ILogger<SmtpServer>>();
        var policies = provider.GetRequiredService<PolicyChain>();
        var tls = provider.GetService<IServerTls>();
        var routes = provider.GetRequiredService<SourceRoutePolicy>();
        var turns = provider.GetRequiredService<TurnPolicy>();
        var reversal = provider.GetRequiredService<RoleReversal>();
        var terminals = provider.GetRequiredService<TerminalDelivery>();
        var lookup = provider.GetRequiredService<IAddressLookup>();
        ISmtpExtension[] extensions =
        [
            new PipeliningExtension(), new SizeExtension(options), new EightBitMimeExtension(), new ChunkingExtension(), new BinaryMimeExtension(), new SmtpUtf8Extension(),
            new DsnExtension(options), new LimitsExtension(options), new DeliverByExtension(clock), new FutureReleaseExtension(options, clock), new MtPriorityExtension(),
            new StartTlsExtension(tls), new AuthExtension(options),
            new EtrnExtension(turns, options), new TurnExtension(TurnExtension.Atrn, turns, options), new TurnExtension(TurnExtension.Turn, turns, options),
            new XclientExtension(options), new XforwardExtension(options),
            new EnhancedStatusCodesExtension(),
            new VerifyExtension(options), new ExpandExtension(options),
            new TerminalExtension("SEND", options, terminals), new TerminalExtension("SOML", options, terminals), new TerminalExtension("SAML", options, terminals),
        ];
        var ehlo = new EhloCommand(policies, options, extensions);
        var mail = new MailCommand(routes, policies, extensions, options, clock);
        return new SmtpCommandTable(options,
        [
            ehlo,
            new HeloCommand(policies, options),
            new LhloCommand(ehlo),
            new StartTlsCommand(tls, log),
            new AuthCommand(provider.GetRequiredService<IAccounts>(), options, log),
            mail,
            new SendCommand("SEND", TerminalUse.Send, mail, options, terminals),
            new SendCommand("SOML", TerminalUse.SendOrMail, mail, options, terminals),
            new SendCommand("SAML", TerminalUse.SendAndMail, mail, options, terminals),
            new RcptCommand(provider.GetRequiredService<RecipientPolicy>(), routes, policies, provider.GetRequiredService<RatePolicy>(), terminals, extensions, options),
            new DataCommand(provider.GetRequiredService<MessageIntake>()),
            new BdatCommand(provider.GetRequiredService<MessageIntake>()),
            new RsetCommand(),
            new NoopCommand(),
            new VrfyCommand(lookup, options),
            new ExpnCommand(lookup, options),
            new EtrnCommand(turns, provider.GetRequiredService<HeldDomains>(), provider.GetRequiredService<RelayQueue>(), provider.GetRequiredService<SpoolStore>(), options, clock),
            new AtrnCommand(turns, reversal),
            new TurnCommand(turns, reversal),
            new XclientCommand(provider.GetRequiredService<IAccounts>(), options),
            new XforwardCommand(options),
            new QuitCommand(),
        ]);
    }
}
