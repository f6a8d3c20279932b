using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>The real server over a real store; alice's and bob's password is "secret", and it may be said in clear.</summary>
internal sealed class Pop3Scene : IAsyncDisposable
{
    /// <summary>What alice says and hears until she is signed in.</summary>
    public const string SignedIn = """
        S: +OK MailSuite POP3 ready
        C: USER alice@example.org
        S: +OK *
        C: PASS secret
        S: +OK *

        """;

    private readonly MdaScene _scene;

    public Pop3Scene(Func<Pop3Options, Pop3Options>? configure = null, SelfSignedTls? tls = null, bool implicitTls = false, TimeSpan? busy = null)
    {
        ImplicitTls = implicitTls;
        var options = new Pop3Options { AllowPlaintextAuthentication = true };
        _scene = new MdaScene(mda => mda with { Pop3 = configure?.Invoke(options) ?? options, BusyTimeout = busy ?? mda.BusyTimeout }, clock: Clock, add: services =>
        {
            services.AddSingleton<IAccounts>(Accounts);
            services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
            if (tls is not null)
                services.AddSingleton<IServerTls>(tls);
        });
    }

    public bool ImplicitTls { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public FakeAccounts Accounts { get; } = new();

    public RecordedLog Log { get; } = new();

    public MdaScene Mda => _scene;

    public Account Alice { get; private set; } = null!;

    public Account Bob { get; private set; } = null!;

    public IPop3Server Server => _scene.Services.GetRequiredService<IPop3Server>();

    /// <summary>A scene in which alice has these messages, oldest first.</summary>
    public static async Task<Pop3Scene> WithAsync(IReadOnlyList<string> messages, Func<Pop3Options, Pop3Options>? configure = null, SelfSignedTls? tls = null, bool implicitTls = false, TimeSpan? busy = null)
    {
        var scene = new Pop3Scene(configure, tls, implicitTls, busy);
        scene.Alice = await scene.AddAsync("alice@example.org");
        scene.Bob = await scene.AddAsync("bob@example.org");
        foreach (var message in messages)
            await scene.AppendAsync(scene.Alice, message);
        return scene;
    }

    /// <summary>Plays one dialogue in a scene of its own, which may log no error.</summary>
    public static async Task PlayAsync(Chunking chunking, string dialogue, IReadOnlyList<string>? messages = null, Func<Pop3Options, Pop3Options>? configure = null, SelfSignedTls? tls = null)
    {
        await using var scene = await WithAsync(messages ?? [], configure, tls);
        await scene.PlayAsync(chunking, dialogue);
        Assert.Empty(scene.Log.Errors);
    }

    public Task PlayAsync(Chunking chunking, string dialogue) =>
        new DialoguePlayer((transport, stopping) => Server.ServeAsync(transport, ImplicitTls, stopping), Clock).PlayAsync(chunking, dialogue, TestContext.Current.CancellationToken);

    /// <summary>Puts a message into an INBOX, its octets as they are.</summary>
    public async Task<Uid> AppendAsync(Account account, string message)
    {
        var inbox = await _scene.MailboxAsync(account);
        var append = new MessageAppend(DeliveryId.New(Clock), MdaScene.Octets(message), MessageFlags.None, null, null);
        return Assert.IsType<AppendOutcome.Appended>(await _scene.Mailboxes.AppendAsync(account.Id, inbox.Id, append, TestContext.Current.CancellationToken)).Uid;
    }

    public async ValueTask DisposeAsync() => await _scene.DisposeAsync();

    private async Task<Account> AddAsync(string address)
    {
        var account = await _scene.AddAccountAsync(address);
        var done = Assert.IsType<AccountChange.Done>(await Accounts.AddAsync(EnvelopeAddress.Parse(address), "secret", null, CancellationToken.None));
        Assert.Equal(account.Id, done.Account.Id);
        return account;
    }
}
