namespace MailSuite.Suite.Tests.Support;

/// <summary>One development profile, with LMTP, for all tests of a class; each test has mailboxes of its own.</summary>
public sealed class SharedDevelopment : IAsyncLifetime
{
    private int _mailboxes;

    internal ProgramUnderTest Program { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Program = await ProgramUnderTest.DevelopmentAsync(("MAILSUITE_Lmtp__Port", "0"));

    /// <summary>An address that nobody else writes to.</summary>
    internal string Mailbox() => $"box{Interlocked.Increment(ref _mailboxes)}@example.org";

    public ValueTask DisposeAsync() => Program.DisposeAsync();
}

/// <summary>One server for example.org, with LMTP, for all tests of a class, which believes what this machine says of other clients (XCLIENT).</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal const string Ann = "ann@example.org";
    internal const string Password = "correct horse battery";

    private int _accounts;

    internal ProgramUnderTest Program { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Program = await ProgramUnderTest.ServerAsync("example.org",
            ("MAILSUITE_Lmtp__Port", "0"), ("MAILSUITE_Lmtp__Addresses", "127.0.0.1"), ("MAILSUITE_Mta__XclientPeers", "127.0.0.0/8"));
        await Program.AddAccountAsync(Ann, Password);
    }

    /// <summary>The address of an account that nobody else writes to.</summary>
    internal async Task<string> MailboxAsync() => (await Program.AddAccountAsync($"box{Interlocked.Increment(ref _accounts)}@example.org", Password)).Address.ToString();

    public ValueTask DisposeAsync() => Program.DisposeAsync();
}
