using System.Net;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Suite.Tests.Configuration;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Suite.Tests.Support;

/// <summary>The whole program in this process, on free ports and a directory of its own.</summary>
internal sealed class ProgramUnderTest : IAsyncDisposable
{
    /// <summary>Every port of the development profile is a free one.</summary>
    private static readonly (string Name, string Value)[] FreePorts = [("MAILSUITE_Smtp__Port", "0"), ("MAILSUITE_Imap__Port", "0"), ("MAILSUITE_Pop3__Port", "0"), ("MAILSUITE_Web__Port", "0")];

    private readonly TempDirectory? _directory;

    private ProgramUnderTest(MailSuiteProgram program, TempDirectory? directory)
    {
        Program = program;
        _directory = directory;
    }

    public MailSuiteProgram Program { get; }

    public string DataDirectory => Program.Settings.DataDirectory;

    public IAccounts Accounts => Program.Services.GetRequiredService<IAccounts>();

    public IMailboxes Mailboxes => Program.Services.GetRequiredService<IMailboxes>();

    /// <summary>Starts the development profile.</summary>
    public static Task<ProgramUnderTest> DevelopmentAsync(params (string Name, string Value)[] settings) =>
        StartAsync(Profile.Development, [.. FreePorts, .. settings]);

    /// <summary>Starts the server profile for one domain, its own host name <c>mx.</c>domain, everything on loopback.</summary>
    public static Task<ProgramUnderTest> ServerAsync(string domain, params (string Name, string Value)[] settings) => StartAsync(Profile.Server,
    [
        ("MAILSUITE_HostName", $"mx.{domain}"), ("MAILSUITE_Domains", domain),
        ("MAILSUITE_Smtp__Port", "0"), ("MAILSUITE_Submission__Port", "0"), ("MAILSUITE_SubmissionTls__Port", "0"), ("MAILSUITE_Web__Port", "0"),
        ("MAILSUITE_Imap__Port", "0"), ("MAILSUITE_ImapTls__Port", "0"), ("MAILSUITE_Imap__Addresses", "127.0.0.1"), ("MAILSUITE_ImapTls__Addresses", "127.0.0.1"),
        ("MAILSUITE_Pop3__Port", "0"), ("MAILSUITE_Pop3Tls__Port", "0"), ("MAILSUITE_Pop3__Addresses", "127.0.0.1"), ("MAILSUITE_Pop3Tls__Addresses", "127.0.0.1"),
        ("MAILSUITE_Smtp__Addresses", "127.0.0.1"), ("MAILSUITE_Submission__Addresses", "127.0.0.1"), ("MAILSUITE_SubmissionTls__Addresses", "127.0.0.1"), ("MAILSUITE_Web__Addresses", "127.0.0.1"),
        .. settings,
    ]);

    /// <summary>Starts on a directory that stays.</summary>
    public static async Task<ProgramUnderTest> OnAsync(string dataDirectory, params (string Name, string Value)[] settings) =>
        new(await MailSuiteProgram.StartAsync(Read(Profile.Development, dataDirectory, [.. FreePorts, .. settings]), TestContext.Current.CancellationToken), null);

    public IPEndPoint EndPoint(EndpointKind kind) => Program.Endpoints.Where(endpoint => endpoint.Kind == kind).Select(endpoint => endpoint.EndPoint).OfType<IPEndPoint>().First();

    public async Task<Account> AddAccountAsync(string address, string password)
    {
        var change = await Accounts.AddAsync(EnvelopeAddress.Parse(address), password, null, TestContext.Current.CancellationToken);
        return Assert.IsType<AccountChange.Done>(change).Account;
    }

    /// <summary>Waits for a message in the INBOX whose subject begins so.</summary>
    public Task<StoredMessage> MessageAsync(string account, string subject) => Eventually.GetAsync(async () =>
    {
        var cancellation = TestContext.Current.CancellationToken;
        if (await Accounts.FindAsync(EnvelopeAddress.Parse(account), cancellation) is not { } found)
            return null;
        var inbox = (await Mailboxes.ListAsync(found.Id, cancellation)).First(mailbox => mailbox.Use == SpecialUse.Inbox);
        var page = await Mailboxes.PageAsync(found.Id, inbox.Id, new MessagePageRequest(null, 0, 100), cancellation);
        var summary = page.Messages.FirstOrDefault(message => message.Subject.StartsWith(subject, StringComparison.Ordinal));
        return summary is null ? null : await Mailboxes.OpenAsync(found.Id, inbox.Id, summary.Uid, cancellation);
    }, $"a message '{subject}' in the INBOX of {account}");

    /// <summary>Every message in the INBOX, as text, oldest first; none where there is no such account.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string account)
    {
        var cancellation = TestContext.Current.CancellationToken;
        if (await Accounts.FindAsync(EnvelopeAddress.Parse(account), cancellation) is not { } found)
            return [];
        var inbox = (await Mailboxes.ListAsync(found.Id, cancellation)).First(mailbox => mailbox.Use == SpecialUse.Inbox);
        var page = await Mailboxes.PageAsync(found.Id, inbox.Id, new MessagePageRequest(null, 0, 100), cancellation);
        var texts = new List<string>();
        foreach (var summary in page.Messages.OrderBy(message => message.Uid))
            texts.Add(await TextOfAsync((await Mailboxes.OpenAsync(found.Id, inbox.Id, summary.Uid, cancellation))!));
        return texts;
    }

    /// <summary>The octets of a message as text, one character an octet.</summary>
    public static async Task<string> TextOfAsync(StoredMessage message)
    {
        await using var stream = message.Content.OpenRead();
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Program.StopAsync();
        await Program.DisposeAsync();
        _directory?.Dispose();
    }

    private static async Task<ProgramUnderTest> StartAsync(Profile profile, (string Name, string Value)[] settings)
    {
        var directory = new TempDirectory();
        var program = await MailSuiteProgram.StartAsync(Read(profile, directory.Path, settings), TestContext.Current.CancellationToken);
        return new ProgramUnderTest(program, directory);
    }

    private static HostSettings Read(Profile profile, string dataDirectory, (string Name, string Value)[] settings) =>
        new ConfigurationSources { Profile = profile, Environment = Configurations.Variables([("MAILSUITE_DATA", dataDirectory), ("MAILSUITE_Log__Level", "Warning"), .. settings]) }.Read();
}
