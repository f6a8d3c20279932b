using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;

namespace MailSuite.Mda.Tests.Accounts;

public sealed class RecipientDirectoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ann@example.org", "Local")]
    [InlineData("ANN@Example.ORG", "Local")]
    [InlineData("ann+news@example.org", "Local")]
    [InlineData("+news@example.org", "NoSuchMailbox")]
    [InlineData("nobody@example.org", "NoSuchMailbox")]
    [InlineData("nobody+x@example.org", "NoSuchMailbox")]
    [InlineData("ann@elsewhere.example", "NotLocal")]
    [InlineData("PostMaster@example.org", "Local")]
    public async Task Judges(string recipient, string verdict)
    {
        await using var scene = new MdaScene();
        await scene.AddAccountAsync("ann@example.org");

        Assert.Equal(verdict, (await scene.Recipients.JudgeAsync(MdaScene.Address(recipient), Cancellation)).GetType().Name);
    }

    [Fact]
    public async Task Sees_an_account_that_another_program_makes_at_once()
    {
        await using var scene = new MdaScene();
        await using var other = new MdaScene(directory: scene.Directory);
        Assert.IsType<RecipientVerdict.NoSuchMailbox>(await scene.Recipients.JudgeAsync(MdaScene.Address("ann@example.org"), Cancellation));

        await other.AddAccountAsync("ann@example.org");

        Assert.IsType<RecipientVerdict.Local>(await scene.Recipients.JudgeAsync(MdaScene.Address("ann@example.org"), Cancellation));
    }

    [Fact]
    public async Task Notices_an_account_that_another_program_removes()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var scene = new MdaScene(clock: clock);
        await using var other = new MdaScene(directory: scene.Directory);
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.Recipients.JudgeAsync(ann.Address, Cancellation);

        await other.Accounts.RemoveAsync(ann.Address, Cancellation);
        clock.Advance(TimeSpan.FromMilliseconds(251));

        Assert.IsType<RecipientVerdict.NoSuchMailbox>(await scene.Recipients.JudgeAsync(ann.Address, Cancellation));
    }

    [Theory]
    [InlineData("team@example.org", "ann ben")]
    [InlineData("Team+x@example.org", "ann ben")]
    [InlineData("chain@example.org", "ann ben")]
    [InlineData("ann@example.org", "ann ben")]
    [InlineData("loop@example.org", "deferred")]
    [InlineData("dead@example.org", "deferred")]
    [InlineData("partly@example.org", "ben")]
    [InlineData("ben+team@example.org", "special")]
    [InlineData("anything@catch.example", "ben")]
    [InlineData("anything@example.org", "refused")]
    [InlineData("postmaster@catch.example", "ann ben")]
    public async Task Delivers_to_the_accounts_behind_an_alias(string recipient, string reached)
    {
        await using var scene = new MdaScene(options => options with
        {
            Domains = [Domain.Parse("example.org"), Domain.Parse("catch.example")],
            Aliases = Aliases(
                ("team@example.org", ["ann@example.org"]), ("ann@example.org", ["ann@example.org", "ben@example.org"]), ("chain@example.org", ["team@example.org"]),
                ("loop@example.org", ["pool@example.org"]), ("pool@example.org", ["loop@example.org"]), ("dead@example.org", ["gone@example.org"]),
                ("partly@example.org", ["gone@example.org", "ben@example.org"]), ("*@catch.example", ["ben@example.org"]), ("postmaster@catch.example", ["team@example.org"])),
        });
        var accounts = new Dictionary<string, Account>(StringComparer.Ordinal)
        {
            ["ann"] = await scene.AddAccountAsync("ann@example.org"),
            ["ben"] = await scene.AddAccountAsync("ben@example.org"),
            ["special"] = await scene.AddAccountAsync("ben+team@example.org"),
        };

        var outcome = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), recipient));

        var filled = new List<string>();
        foreach (var (name, account) in accounts)
        {
            if ((await scene.MailboxAsync(account)).Messages == 1)
                filled.Add(name);
        }

        Assert.Equal(reached, outcome switch
        {
            LocalDeliveryOutcome.Stored => string.Join(' ', filled),
            LocalDeliveryOutcome.Deferred => "deferred",
            _ => "refused",
        });
    }

    [Fact]
    public async Task Gives_the_postmasters_mail_to_the_first_account_where_nobody_else_takes_it()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.AddAccountAsync("aaa@example.org");

        await scene.DeliverAsync(MdaScene.Message(), scene.Recipients.Postmaster.ToString());

        Assert.Equal("postmaster@example.org", scene.Recipients.Postmaster.ToString());
        Assert.Single(await scene.MessagesAsync(ann));
    }

    [Fact]
    public async Task Makes_a_postmaster_where_there_is_no_account_at_all()
    {
        await using var scene = new MdaScene(options => options with { Domains = [] });

        Assert.IsType<RecipientVerdict.Local>(await scene.Recipients.JudgeAsync(scene.Recipients.Postmaster, Cancellation));
        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "postmaster@mx.example.org")));

        var account = Assert.Single(await scene.Accounts.ListAsync(Cancellation));
        Assert.Equal("postmaster@mx.example.org", account.Address.ToString());
        Assert.IsType<AuthenticationOutcome.Refused>(await scene.Accounts.AuthenticateAsync("postmaster", "", client: null, Cancellation));
    }

    [Fact]
    public async Task Says_at_once_that_a_mailbox_is_full()
    {
        using var directory = new Testing.TempDirectory();
        await using (var before = new MdaScene(directory: directory.Path))
        {
            await before.AddAccountAsync("ann@example.org");
            await before.DeliverAsync(MdaScene.Message(body: new string('x', 1000)), "ann@example.org");
        }

        await using var scene = new MdaScene(options => options with { QuotaOctets = 1000 }, directory.Path);
        var verdict = await scene.Recipients.JudgeAsync(MdaScene.Address("ann@example.org"), Cancellation);

        Assert.Equal(StatusCodes.MailboxFullForNow, Assert.IsType<RecipientVerdict.Unavailable>(verdict).Status);
    }

    [Fact]
    public async Task Makes_a_mailbox_for_everybody_on_first_mail_and_not_before()
    {
        await using var scene = new MdaScene(options => options with { EveryoneIsLocal = true });

        Assert.IsType<RecipientVerdict.Local>(await scene.Recipients.JudgeAsync(MdaScene.Address("ann@any.example"), Cancellation));
        Assert.Empty(await scene.Accounts.ListAsync(Cancellation));
        await scene.DeliverAsync(MdaScene.Message(), "ann+detail@any.example", "ann@any.example", "ben@[127.0.0.1]");

        Assert.Equal(["ann@any.example", "ben@[127.0.0.1]"], (await scene.Accounts.ListAsync(Cancellation)).Select(account => account.Address.ToString()));
    }

    private static Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> Aliases(params (string Alias, string[] Targets)[] aliases) =>
        aliases.ToDictionary(alias => MdaScene.Address(alias.Alias), alias => (IReadOnlyList<EnvelopeAddress>)[.. alias.Targets.Select(MdaScene.Address)]);
}
