using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using Microsoft.Extensions.DependencyInjection;

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
    [InlineData("all@catch.example", "special")]
    [InlineData("details@catch.example", "special")]
    [InlineData("circle@catch.example", "deferred")]
    [InlineData("both@example.org", "ben")]
    public async Task Delivers_to_the_accounts_behind_an_alias(string recipient, string reached)
    {
        await using var scene = new MdaScene(options => options with
        {
            Domains = [Domain.Parse("example.org"), Domain.Parse("catch.example")],
            Aliases = Aliases(
                ("team@example.org", ["ann@example.org"]), ("ann@example.org", ["ann@example.org", "ben@example.org"]), ("chain@example.org", ["team@example.org"]),
                ("loop@example.org", ["pool@example.org"]), ("pool@example.org", ["loop@example.org"]), ("dead@example.org", ["gone@example.org"]),
                ("partly@example.org", ["gone@example.org", "ben@example.org"]), ("*@catch.example", ["ben@example.org"]), ("postmaster@catch.example", ["team@example.org"]),
                ("all@catch.example", ["east@catch.example", "west@catch.example"]), ("east@catch.example", ["staff@catch.example"]), ("west@catch.example", ["staff@catch.example"]),
                ("staff@catch.example", ["ben+team@example.org"]),
                ("details@catch.example", ["staff@catch.example", "staff+x@catch.example"]), ("circle@catch.example", ["back@catch.example"]), ("back@catch.example", ["circle@catch.example"]),
                ("both@example.org", ["one@example.org", "two@example.org"]), ("one@example.org", ["postmaster@example.org"]), ("two@example.org", ["postmaster@example.org"]),
                ("postmaster@example.org", ["ben@example.org"])),
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

    [Theory]
    [InlineData("ann+x@example.org", "ann")]
    [InlineData("ann-x@example.org", "ann")]
    [InlineData("ann_x@example.org", "")]
    [InlineData("ann-lee@example.org", "ann-lee")]
    [InlineData("ann-lee+x@example.org", "ann-lee")]
    [InlineData("ann-lee-x-y@example.org", "ann-lee")]
    [InlineData("ann+lee@example.org", "ann")]
    [InlineData("ann-+-+@example.org", "ann")]
    [InlineData("five-a-b-c-d-e@example.org", "")]
    [InlineData("five-a-b-c-x@example.org", "five-a-b-c")]
    [InlineData("five-a-b-c-d@example.org", "five-a-b-c")]
    [InlineData("+x@example.org", "")]
    public async Task Takes_a_detail_off_at_each_of_the_separators_the_longest_name_first(string recipient, string account)
    {
        await using var scene = new MdaScene(options => options with { DetailSeparators = "+-" });
        foreach (var name in new[] { "ann", "ann-lee", "five-a-b-c" })
            await scene.AddAccountAsync($"{name}@example.org");
        if (recipient.StartsWith("five-a-b-c-d-e", StringComparison.Ordinal))
            await scene.Accounts.RemoveAsync(MdaScene.Address("five-a-b-c@example.org"), Cancellation);

        var lookup = scene.Services.GetRequiredService<IAddressLookup>();
        var found = await lookup.AccountsOfAsync(MdaScene.Address(recipient), Cancellation);
        var expected = (await scene.Accounts.ListAsync(Cancellation)).Where(one => one.Address.LocalPart == account).Select(one => one.Id);
        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Without_separators_there_is_no_detail()
    {
        await using var scene = new MdaScene(options => options with { DetailSeparators = "" });
        await scene.AddAccountAsync("ann@example.org");
        Assert.IsType<RecipientVerdict.NoSuchMailbox>(await scene.Recipients.JudgeAsync(MdaScene.Address("ann+x@example.org"), Cancellation));
    }

    [Fact]
    public async Task A_domain_with_another_name_has_the_same_addresses_aliases_and_sign_ins()
    {
        await using var scene = new MdaScene(options => options with
        {
            DomainAliases = new Dictionary<Domain, Domain> { [Domain.Parse("example.com")] = Domain.Parse("example.org") },
            Aliases = Aliases(("team@example.org", ["ann@example.com", "ben@example.org"]), ("*@example.org", ["ben@example.com"])),
            Moved = new Dictionary<EnvelopeAddress, EnvelopeAddress> { [MdaScene.Address("old@example.org")] = MdaScene.Address("new@elsewhere.example") },
        });
        Assert.IsType<AccountChange.Done>(await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "correct horse battery", null, Cancellation));
        var ann = (await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var ben = await scene.AddAccountAsync("ben@example.org");

        foreach (var recipient in new[] { "ann@example.com", "ANN+x@Example.COM", "team@example.com" })
            Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(MdaScene.Message(), recipient)));
        Assert.Equal(3, (await scene.MessagesAsync(ann)).Count);
        Assert.Single(await scene.MessagesAsync(ben));
        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "whoever@example.com")));
        Assert.Equal(2, (await scene.MessagesAsync(ben)).Count);
        // Both names in one message are one mailbox.
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org", "ann@example.com");
        Assert.Equal(4, (await scene.MessagesAsync(ann)).Count);

        Assert.Equal(MdaScene.Address("new@elsewhere.example"), Assert.IsType<RecipientVerdict.Moved>(await scene.Recipients.JudgeAsync(MdaScene.Address("old@example.com"), Cancellation)).NewAddress);
        Assert.Equal(ann.Id, Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann@example.com", "correct horse battery", null, Cancellation)).Account.Id);
        Assert.IsType<SenderVerdict.Own>(await scene.Services.GetRequiredService<ISenders>().JudgeAsync(ann, MdaScene.Address("ann@example.com"), Cancellation));
        Assert.IsType<LookupAnswer.Mailbox>(await scene.Services.GetRequiredService<IAddressLookup>().LookUpAsync(MdaScene.Address("ann@example.com"), Cancellation));
        var list = Assert.IsType<LookupAnswer.List>(await scene.Services.GetRequiredService<IAddressLookup>().LookUpAsync(MdaScene.Address("team@example.com"), Cancellation));
        Assert.Equal(["ann@example.org", "ben@example.org"], list.Members.Select(member => member.Address.ToString()));
        Assert.Contains("another name of example.org", Assert.IsType<AccountChange.Refused>(await scene.Accounts.AddAsync(MdaScene.Address("ben@example.com"), "correct horse battery", null, Cancellation)).Reason, StringComparison.Ordinal);
        Assert.IsType<RecipientVerdict.NotLocal>(await scene.Recipients.JudgeAsync(MdaScene.Address("ann@example.net"), Cancellation));
    }

    private static Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> Aliases(params (string Alias, string[] Targets)[] aliases) =>
        aliases.ToDictionary(alias => MdaScene.Address(alias.Alias), alias => (IReadOnlyList<EnvelopeAddress>)[.. alias.Targets.Select(MdaScene.Address)]);
}
