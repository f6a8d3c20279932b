using System.Net;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>The real IMAP server over a real store. Every address at example.org has an account and any password is right, unless a test says otherwise.</summary>
internal sealed class ImapScene : IAsyncDisposable
{
    /// <summary>What a client of a dialogue hears first.</summary>
    public const string Hello = """
        S: * OK [CAPABILITY *] MailSuite is ready.

        """;

    /// <summary>…and when ann has signed in.</summary>
    public const string SignedIn = Hello + """
        C: A0 LOGIN ann@example.org secret
        S: A0 OK [CAPABILITY *] Signed in.

        """;

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ConnectedTransports> _connections = [];

    public ImapScene(Func<ImapOptions, ImapOptions>? configure = null, SelfSignedTls? tls = null, Func<MdaOptions, MdaOptions>? mda = null, Action<IServiceCollection>? add = null)
    {
        var options = new ImapOptions { AllowPlaintextAuthentication = true };
        Options = configure?.Invoke(options) ?? options;
        Mda = new MdaScene(
            module => (mda ?? (static same => same))(module with { EveryoneIsLocal = true }) with { Imap = Options },
            clock: Clock,
            add: services =>
            {
                services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
                if (tls is not null)
                    services.AddSingleton<IServerTls>(tls);
                add?.Invoke(services);
            });
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public ImapOptions Options { get; }

    /// <summary>The whole module behind the server: accounts, deliveries, the store.</summary>
    public MdaScene Mda { get; }

    public RecordedLog Log { get; } = new();

    public IImapServer Server => Mda.Services.GetRequiredService<IImapServer>();

    /// <summary>Plays one dialogue in a scene of its own, which may log no error.</summary>
    public static async Task PlayAsync(Chunking chunking, string dialogue, Func<ImapOptions, ImapOptions>? configure = null, SelfSignedTls? tls = null)
    {
        await using var scene = new ImapScene(configure, tls);
        await scene.PlayAsync(chunking, dialogue);
        Assert.Empty(scene.Log.Errors);
    }

    public Task PlayAsync(Chunking chunking, string dialogue) =>
        new DialoguePlayer((transport, stopping) => Server.ServeAsync(transport, implicitTls: false, stopping), Clock).PlayAsync(chunking, dialogue, TestContext.Current.CancellationToken);

    /// <summary>A connection whose greeting was heard.</summary>
    /// <param name="from">From where it seems to come.</param>
    public async Task<ImapClient> ConnectAsync(string from = "192.0.2.7")
    {
        var client = Connect(from);
        Assert.StartsWith("* OK [CAPABILITY ", await client.ReadAsync(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>A connection of which nothing was read yet.</summary>
    /// <param name="bounded">Whether the server has to wait for a client that does not read.</param>
    public ImapClient Connect(string from = "192.0.2.7", bool implicitTls = false, bool bounded = false)
    {
        var transports = new ConnectedTransports(client: new IPEndPoint(IPAddress.Parse(from), 40_000), boundToClient: bounded);
        _connections.Add(transports);
        return new ImapClient(transports, ServeAsync(transports.Server, implicitTls));
    }

    /// <summary>A session in which somebody has signed in; the account is made when there is none.</summary>
    public async Task<ImapClient> SignInAsync(string address = "ann@example.org")
    {
        var client = await ConnectAsync();
        await client.OkAsync($"LOGIN {address} secret");
        return client;
    }

    /// <summary>Tells all sessions that the program is about to end.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.Client.DisposeAsync();
        await Mda.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task ServeAsync(PipeTransport transport, bool implicitTls)
    {
        await Task.Yield();
        try
        {
            await Server.ServeAsync(transport, implicitTls, _stopping.Token);
        }
        finally
        {
            await transport.DisposeAsync();
        }
    }
}
