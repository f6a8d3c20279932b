using MailSuite.Mda.Accounts;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Accounts;

/// <summary>What VRFY and EXPN are told.</summary>
public sealed class AddressLookupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ANN@example.org", "Mailbox: Ann Lee <ann@example.org>")]
    [InlineData("ann+news@example.org", "Mailbox: <ann+news@example.org>")]
    [InlineData("nobody@example.org", "Unknown")]
    [InlineData("ann@elsewhere.example", "NotLocal")]
    [InlineData("postmaster@example.org", "Mailbox: <postmaster@example.org>")]
    [InlineData("staff@example.org", "List: Ann Lee <ann@example.org>, <ben@example.org>, <erin@elsewhere.example>")]
    [InlineData("all@example.org", "List: Ann Lee <ann@example.org>, <ben@example.org>, <erin@elsewhere.example>")]
    [InlineData("ben@example.org", "List: <ben@example.org>, Ann Lee <ann@example.org>")]
    [InlineData("paul@example.org", "Forwarded: <paul@elsewhere.example>")]
    [InlineData("OLD@example.org", "Moved: <new@elsewhere.example>")]
    [InlineData("ann", "Mailbox: Ann Lee <ann@example.org>")]
    [InlineData("Ann LEE", "Mailbox: Ann Lee <ann@example.org>")]
    [InlineData("Staff", "List: Ann Lee <ann@example.org>, <ben@example.org>, <erin@elsewhere.example>")]
    [InlineData("carl", "Ambiguous: <carl@example.com>, Carl <carl@example.org>")]
    [InlineData("a%", "Unknown")]
    [InlineData("a__", "Unknown")]
    [InlineData("Postmaster", "Mailbox: <postmaster@example.org>")]
    [InlineData("nobody", "Unknown")]
    public async Task Tells_who_is_behind_a_name(string asked, string answer)
    {
        await using var scene = await SceneAsync();
        var lookup = scene.Services.GetRequiredService<IAddressLookup>();
        Assert.Equal(answer, Text(EnvelopeAddress.TryParse(asked, out var address) ? await lookup.LookUpAsync(address, Cancellation) : await lookup.LookUpAsync(asked, Cancellation)));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task Tells_a_hundred_members_and_that_there_are_more(int members, bool isWhole)
    {
        await using var scene = new MdaScene(options => options with
        {
            Aliases = Aliases(("list@example.org", [.. Enumerable.Range(1, members).Select(i => $"member{i}@elsewhere.example")])),
        });
        var list = Assert.IsType<LookupAnswer.List>(await scene.Services.GetRequiredService<IAddressLookup>().LookUpAsync(MdaScene.Address("list@example.org"), Cancellation));
        Assert.Equal((isWhole, AddressLookup.MaxMembers), (list.IsWhole, list.Members.Count));
    }

    [Fact]
    public async Task Knows_the_accounts_behind_an_address_and_makes_none()
    {
        await using var scene = await SceneAsync();
        var lookup = scene.Services.GetRequiredService<IAddressLookup>();
        Assert.Equal(2, (await lookup.AccountsOfAsync(MdaScene.Address("staff@example.org"), Cancellation)).Count);
        Assert.Empty(await lookup.AccountsOfAsync(MdaScene.Address("paul@example.org"), Cancellation));
        Assert.Empty(await lookup.AccountsOfAsync(MdaScene.Address("nobody@example.org"), Cancellation));

        await using var open = new MdaScene(options => options with { EveryoneIsLocal = true });
        Assert.Empty(await open.Services.GetRequiredService<IAddressLookup>().AccountsOfAsync(MdaScene.Address("anybody@anywhere.example"), Cancellation));
        Assert.Empty(await open.Accounts.ListAsync(Cancellation));
    }

    /// <summary>What the MTA does with their mail.</summary>
    [Theory]
    [InlineData("paul@example.org", "paul@elsewhere.example", false)]
    [InlineData("staff@example.org", "erin@elsewhere.example", true)]
    [InlineData("all+detail@example.org", "erin@elsewhere.example", true)]
    [InlineData("anything@example.com", "lost@elsewhere.example", false)]
    public async Task An_alias_that_leads_elsewhere_is_forwarded(string recipient, string elsewhere, bool alsoHere)
    {
        await using var scene = await SceneAsync();
        var forwards = Assert.IsType<RecipientVerdict.Forwards>(await scene.Recipients.JudgeAsync(MdaScene.Address(recipient), Cancellation));
        Assert.Equal((elsewhere, alsoHere), (Assert.Single(forwards.Elsewhere).ToString(), forwards.AlsoHere));
        var outcome = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), recipient));
        if (alsoHere)
            Assert.IsType<LocalDeliveryOutcome.Stored>(outcome);
        else
            Assert.IsType<LocalDeliveryOutcome.Deferred>(outcome);
    }

    [Fact]
    public async Task An_address_that_has_moved_is_not_taken_though_there_is_an_account()
    {
        await using var scene = await SceneAsync();
        await scene.AddAccountAsync("old@example.org");
        Assert.Equal("new@elsewhere.example", Assert.IsType<RecipientVerdict.Moved>(await scene.Recipients.JudgeAsync(MdaScene.Address("Old@example.org"), Cancellation)).NewAddress.ToString());
    }

    private static async Task<MdaScene> SceneAsync()
    {
        var scene = new MdaScene(options => options with
        {
            Domains = [Domain.Parse("example.org"), Domain.Parse("example.com")],
            Aliases = Aliases(
                ("staff@example.org", ["ann@example.org", "ben@example.org", "erin@elsewhere.example"]), ("all@example.org", ["staff@example.org", "gone@example.org", "all@example.org"]),
                ("ben@example.org", ["ben@example.org", "ann@example.org"]), ("paul@example.org", ["paul@elsewhere.example"]), ("*@example.com", ["lost@elsewhere.example"])),
            Moved = new Dictionary<EnvelopeAddress, EnvelopeAddress> { [MdaScene.Address("old@example.org")] = MdaScene.Address("new@elsewhere.example") },
        });
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "a long enough password", "Ann Lee", Cancellation);
        await scene.Accounts.AddAsync(MdaScene.Address("carl@example.org"), "a long enough password", "Carl", Cancellation);
        await scene.AddAccountAsync("ben@example.org");
        await scene.AddAccountAsync("carl@example.com");
        return scene;
    }

    private static Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> Aliases(params (string Alias, string[] Targets)[] aliases) =>
        aliases.ToDictionary(alias => MdaScene.Address(alias.Alias), alias => (IReadOnlyList<EnvelopeAddress>)[.. alias.Targets.Select(MdaScene.Address)]);

    private static string Text(LookupAnswer answer) => answer switch
    {
        LookupAnswer.Mailbox mailbox => $"Mailbox: {Text([mailbox.Entry])}",
        LookupAnswer.List list => $"List: {Text(list.Members)}",
        LookupAnswer.Forwarded forwarded => $"Forwarded: <{forwarded.To}>",
        LookupAnswer.Moved moved => $"Moved: <{moved.To}>",
        LookupAnswer.Ambiguous ambiguous => $"Ambiguous: {Text(ambiguous.Candidates)}",
        _ => answer.GetType().Name,
    };

    private static string Text(IReadOnlyList<LookupEntry> entries) => string.Join(", ", entries.Select(entry => entry.Name is null ? $"<{entry.Address}>" : $"{entry.Name} <{entry.Address}>"));
}
