using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>The real server, with mailboxes, accounts and a spool in memory: alice and bob are at example.org, alice's password is "secret".</summary>
internal sealed class SmtpScene : IAsyncDisposable
{
    /// <summary>What a client hears after its EHLO on the MX without TLS.</summary>
    public const string Hello = """
        S: 220 mx.example.org ESMTP MailSuite
        C: EHLO client.example.net
        S: (250-... !AUTH*, !STARTTLS)

        """;

    /// <summary>…and after MAIL and RCPT of alice.</summary>
    public const string Addressed = Hello + """
        C: MAIL FROM:<carol@example.net>
        S: 250 2.1.0 *
        C: RCPT TO:<alice@example.org>
        S: 250 2.1.5 *

        """;

    /// <summary>The clock of a dialogue stands still, and nobody could wait.</summary>
    private static readonly StrictnessOptions WithoutTarpit = new() { TarpitDelay = TimeSpan.Zero };

    private readonly TempDirectory _directory = new();
    private readonly ServiceProvider _services;

    /// <param name="policies">Asked after those of the program.</param>
    public SmtpScene(SmtpRole role = SmtpRole.Mx, Func<MtaOptions, MtaOptions>? configure = null, FakeMailboxes? mailboxes = null, SelfSignedTls? tls = null, IJourneyLookup? lookup = null, params IReadOnlyList<IPolicy> policies)
    {
        Role = role;
        Mailboxes = mailboxes ?? new FakeMailboxes("alice@example.org", "bob@example.org");
        var options = new MtaOptions { DataDirectory = _directory.Path, HostName = Domain.Parse("mx.example.org"), MinFreeOctets = 0, Strictness = WithoutTarpit };
        Options = configure is null ? options : configure(options);
        Accounts.AddAsync(EnvelopeAddress.Parse("alice@example.org"), "secret", null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ILocalDelivery>(Mailboxes);
        services.AddSingleton<IRecipientDirectory>(Mailboxes);
        services.AddSingleton<IAddressLookup>(Lookup = new FakeLookup(Mailboxes));
        services.AddSingleton<ITerminals>(Terminals);
        services.AddSingleton<IAccounts>(Accounts);
        services.AddSingleton<ISenders>(Senders);
        services.AddSingleton<IJourneyRecorder>(Journeys);
        services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
        services.AddMta(Options);
        services.AddSingleton<ISpool>(Spool);
        foreach (var policy in policies)
            services.AddSingleton(policy);
        if (lookup is not null)
            services.AddSingleton(lookup);
        if (tls is not null)
            services.AddSingleton<IServerTls>(tls);
        _services = services.BuildServiceProvider();
    }

    public SmtpRole Role { get; }

    public MtaOptions Options { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public FakeMailboxes Mailboxes { get; }

    public FakeAccounts Accounts { get; } = new();

    public FakeSenders Senders { get; } = new();

    public FakeLookup Lookup { get; }

    public FakeTerminals Terminals { get; } = new();

    public FakeSpool Spool { get; } = new();

    public RecordedJourneys Journeys { get; } = new();

    public RecordedLog Log { get; } = new();

    public Mta.Policy.Greylisting.Greylist Greylist => _services.GetRequiredService<Mta.Policy.Greylisting.Greylist>();

    public ISmtpServer Server => _services.GetRequiredService<ISmtpServer>();

    public ISubmission Submission => _services.GetRequiredService<ISubmission>();

    public Mta.Maildrop.MaildropPickup Pickup => _services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Mta.Maildrop.MaildropPickup>().Single();

    public Mta.Dsn.Incoming.ReceivedReports Reports => _services.GetRequiredService<Mta.Dsn.Incoming.ReceivedReports>();

    public IncomingDirectory Incoming => _services.GetRequiredService<IncomingDirectory>();

    public IReadOnlyList<Mta.Smtp.Commands.ISmtpCommand> Commands => _services.GetRequiredService<Mta.Smtp.SmtpCommandTable>().All;

    /// <summary>Files of messages that are arriving or were left behind.</summary>
    public IReadOnlyList<string> IncomingFiles =>
        Directory.Exists(Path.Combine(_directory.Path, "incoming")) ? Directory.GetFiles(Path.Combine(_directory.Path, "incoming")) : [];

    /// <summary>Plays one dialogue.</summary>
    public Task PlayAsync(Chunking chunking, string dialogue) =>
        new DialoguePlayer((transport, stopping) => Server.ServeAsync(transport, Role, stopping), Clock)
            .PlayAsync(chunking, dialogue, TestContext.Current.CancellationToken);

    /// <summary>Plays one dialogue in a scene of its own, which may log no error.</summary>
    public static async Task PlayAsync(Chunking chunking, string dialogue, SmtpRole role = SmtpRole.Mx, Func<MtaOptions, MtaOptions>? configure = null, SelfSignedTls? tls = null)
    {
        await using var scene = new SmtpScene(role, configure, tls: tls);
        await scene.PlayAsync(chunking, dialogue);
        Assert.Empty(scene.Log.Errors);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _directory.Dispose();
    }
}
