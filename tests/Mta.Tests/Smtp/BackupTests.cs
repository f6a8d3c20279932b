using System.Net;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Policy;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>We are a second MX of there.test.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly FakeDnsServer _dns = new FakeDnsServer().Mx("there.test", 10, "mx.there.test").Mx("there.test", 20, "mx.example.org").Address("mx.there.test", IPAddress.Loopback);
    private readonly SmtpPeer _primary = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _primary.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Theory, EveryChunking]
    public async Task Takes_from_anybody_whom_the_list_has_and_nobody_else(Chunking chunking)
    {
        await using var scene = Scene(new BackupDomain { Recipients = [EnvelopeAddress.Parse("Ann@there.test")] });
        await scene.PlayAsync(chunking, Begin + """
            C: RCPT TO:<ann@There.test>
            S: 250 2.1.5 *
            C: RCPT TO:<Postmaster@there.test>
            S: 250 2.1.5 *
            C: RCPT TO:<bob@there.test>
            S: 550 5.1.1 No such mailbox at this domain
            C: RCPT TO:<ann@sub.there.test>
            S: 550 5.7.1 Relaying denied: *
            C: RCPT TO:<ann@elsewhere.test>
            S: 550 5.7.1 Relaying denied: *
            """);
        Assert.Equal(0, _primary.Connections);
    }

    [Theory, EveryChunking]
    public async Task Takes_whom_the_primary_has(Chunking chunking)
    {
        _primary.OnCommand = command => command.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 5.1.1 no bob here" : null;
        await using var scene = Scene(new BackupDomain());
        await scene.PlayAsync(chunking, Begin + """
            C: RCPT TO:<ann@there.test>
            S: 250 2.1.5 *
            C: RCPT TO:<bob@there.test>
            S: 550 5.1.1 The first MX of there.test refuses it: no bob here
            """);
        Assert.Equal(["MAIL FROM:<>", "RCPT TO:<ann@there.test>"], _primary.Commands.Where(command => command.StartsWith("MAIL", StringComparison.Ordinal) || command.Contains("ann", StringComparison.Ordinal)).Take(2));
        Assert.DoesNotContain("DATA", _primary.Commands);
    }

    [Fact]
    public async Task Remembers_a_yes_for_a_day_and_a_no_for_an_hour()
    {
        _primary.OnCommand = command => command.StartsWith("RCPT TO:<bob", StringComparison.Ordinal) ? "550 no" : null;
        await using var scene = Scene(new BackupDomain());
        foreach (var (pause, asked) in new[] { (TimeSpan.Zero, 2), (PrimaryCheck.NoLifetime - TimeSpan.FromSeconds(1), 2), (TimeSpan.FromSeconds(1), 3), (PrimaryCheck.YesLifetime - PrimaryCheck.NoLifetime, 5) })
        {
            scene.Clock.Advance(pause);
            await scene.PlayAsync(Chunking.WholeTurn, Begin + """
                C: RCPT TO:<ann@there.test>
                S: 250 *
                C: RCPT TO:<bob@there.test>
                S: 550 5.1.1 *
                """);
            Assert.Equal(asked, _primary.Connections);
        }
    }

    [Theory]
    [InlineData("RCPT", "450 4.2.0 come again")]
    [InlineData("MAIL", "550 5.7.1 no reports please")]
    [InlineData("EHLO", SmtpPeer.Drop)]
    public async Task Takes_whom_the_primary_says_nothing_about(string verb, string reply)
    {
        _primary.OnCommand = command => command.StartsWith(verb, StringComparison.Ordinal) ? reply : null;
        await using var scene = Scene(new BackupDomain());
        await scene.PlayAsync(Chunking.WholeTurn, Begin + """
            C: RCPT TO:<ann@there.test>
            S: 250 *
            """);
    }

    [Fact]
    public async Task Does_not_wait_for_a_dead_primary_at_each_recipient()
    {
        _primary.Greeting = SmtpPeer.Drop;
        await using var scene = Scene(new BackupDomain());
        for (var times = 1; times <= 2; times++)
        {
            await scene.PlayAsync(Chunking.WholeTurn, Begin + """
                C: RCPT TO:<ann@there.test>
                S: 250 *
                C: RCPT TO:<bob@there.test>
                S: 250 *
                """);
            Assert.Equal(times, _primary.Connections);
            scene.Clock.Advance(PrimaryCheck.DoubtLifetime);
        }
    }

    [Fact]
    public async Task Refuses_what_could_only_come_back()
    {
        await using var scene = Scene(new BackupDomain(), "never.test");
        _dns.Mx("never.test", 0, "");
        await scene.PlayAsync(Chunking.WholeTurn, Begin + """
            C: RCPT TO:<ann@never.test>
            S: 5* 5.1.10 *
            """);
    }

    [Fact]
    public async Task Reads_its_file_again_when_it_changes()
    {
        using var directory = new TempDirectory();
        var file = directory.File("recipients");
        await File.WriteAllTextAsync(file, "# ours\nann\nCarl@there.test # he too\neve@other.test\n\nnot an address\n", TestContext.Current.CancellationToken);
        await using var scene = Scene(new BackupDomain { RecipientsFile = file });
        await scene.PlayAsync(Chunking.WholeTurn, Begin + """
            C: RCPT TO:<ann@there.test>
            S: 250 *
            C: RCPT TO:<carl@there.test>
            S: 250 *
            C: RCPT TO:<eve@there.test>
            S: 550 5.1.1 *
            C: RCPT TO:<bob@there.test>
            S: 550 5.1.1 *
            """);

        await File.WriteAllTextAsync(file, "bob\n", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(5));
        scene.Clock.Advance(BackupRecipients.FileInterval);
        await scene.PlayAsync(Chunking.WholeTurn, Begin + """
            C: RCPT TO:<bob@there.test>
            S: 250 *
            C: RCPT TO:<ann@there.test>
            S: 550 5.1.1 *
            """);

        File.Delete(file);
        scene.Clock.Advance(BackupRecipients.FileInterval);
        await scene.PlayAsync(Chunking.WholeTurn, Begin + """
            C: RCPT TO:<bob@there.test>
            S: 250 *
            """);
    }

    [Theory]
    [InlineData(0, "550 5.1.1 *")]
    [InlineData(1, "250 *")]
    public async Task Does_not_read_a_file_that_is_too_large(int tooMany, string reply)
    {
        using var directory = new TempDirectory();
        var file = directory.File("recipients");
        await using (var stream = File.Create(file))
            stream.SetLength(BackupRecipients.MaxFileOctets + tooMany);
        await using var scene = Scene(new BackupDomain { RecipientsFile = file });
        await scene.PlayAsync(Chunking.WholeTurn, Begin + $"""
            C: RCPT TO:<ann@there.test>
            S: {reply}
            """);
    }

    private const string Begin = SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net>
        S: 250 *

        """;

    private SmtpScene Scene(BackupDomain domain, string name = "there.test") => new(configure: options => options with
    {
        Relay = options.Relay with
        {
            Port = _primary.EndPoint.Port,
            DnsServers = [_dns.EndPoint],
            Routing = new RoutingOptions { BackupDomains = new Dictionary<Domain, BackupDomain> { [Domain.Parse(name)] = domain } },
        },
    });
}
