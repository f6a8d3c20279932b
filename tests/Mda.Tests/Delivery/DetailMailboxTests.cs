using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Delivery;

/// <summary>Where mail for an address with a detail is filed (RFC 5233).</summary>
public sealed class DetailMailboxTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DetailMailbox.Never, "lists", "INBOX")]
    [InlineData(DetailMailbox.IfThere, "lists", "Lists")]
    [InlineData(DetailMailbox.IfThere, "LISTS", "Lists")]
    [InlineData(DetailMailbox.IfThere, "archive", "Archive")]
    [InlineData(DetailMailbox.IfThere, "junk", "Junk")]
    [InlineData(DetailMailbox.IfThere, "nothing", "INBOX")]
    [InlineData(DetailMailbox.IfThere, "", "INBOX")]
    [InlineData(DetailMailbox.IfThere, "inbox", "INBOX")]
    [InlineData(DetailMailbox.Create, "nothing", "nothing")]
    [InlineData(DetailMailbox.Create, "a/b", "a/b")]
    [InlineData(DetailMailbox.Create, "/b", "INBOX")]
    [InlineData(DetailMailbox.Create, "a//b", "INBOX")]
    // What strangers send is no draft, was not sent from here, and is not thrown away unseen.
    [InlineData(DetailMailbox.Create, "Drafts", "INBOX")]
    [InlineData(DetailMailbox.Create, "sent", "INBOX")]
    [InlineData(DetailMailbox.Create, "trash", "INBOX")]
    [InlineData(DetailMailbox.Create, "lists+x", "lists+x")]
    public async Task Files_into_the_own_mailbox_that_the_detail_names(DetailMailbox option, string detail, string mailbox)
    {
        await using var scene = new MdaScene(options => options with { DetailMailbox = option });
        var ann = await scene.AddAccountAsync("ann@example.org");
        await MakeAsync(scene, ann, "Lists");

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(MdaScene.Message(), $"ann+{detail}@example.org")));

        Assert.Equal([mailbox], await WithMailAsync(scene, ann));
        Assert.Contains(scene.Journeys.Events, told => told.Step == JourneyStep.Filed && told.Summary == $"Filed in {mailbox} of ann@example.org as UID 1.");
    }

    /// <summary>Names of the shared namespace are other people's, whatever they have given the account.</summary>
    [Fact]
    public async Task Never_leads_to_the_mailbox_of_somebody_else()
    {
        await using var scene = new MdaScene(options => options with { DetailMailbox = DetailMailbox.Create });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var ben = await scene.AddAccountAsync("ben@example.org");

        await scene.DeliverAsync(MdaScene.Message(), "\"ann+Other Users/ben@example.org/INBOX\"@example.org", "\"ann+Other Users\"@example.org");

        Assert.Equal(["INBOX"], await WithMailAsync(scene, ann));
        Assert.Empty(await WithMailAsync(scene, ben));
    }

    [Fact]
    public async Task A_mailbox_that_was_made_is_subscribed_and_as_many_are_made_as_an_account_may_have()
    {
        await using var scene = new MdaScene(options => options with { DetailMailbox = DetailMailbox.Create, MaxMailboxes = 7 });
        var ann = await scene.AddAccountAsync("ann@example.org");

        await scene.DeliverAsync(MdaScene.Message(), "ann+one@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann+two@example.org");

        Assert.Equal(["INBOX", "one"], await WithMailAsync(scene, ann));
        Assert.Contains("one", (await scene.Services.GetRequiredService<MailboxNames>().ListAsync(ann.Id, Cancellation)).Subscribed);
    }

    [Fact]
    public async Task Gives_each_mailbox_one_copy_and_takes_no_detail_through_an_alias()
    {
        await using var scene = new MdaScene(options => options with
        {
            DetailMailbox = DetailMailbox.IfThere,
            Aliases = new Dictionary<Shared.Addressing.EnvelopeAddress, IReadOnlyList<Shared.Addressing.EnvelopeAddress>> { [MdaScene.Address("team@example.org")] = [MdaScene.Address("ann@example.org")] },
        });
        var ann = await scene.AddAccountAsync("ann@example.org");
        await MakeAsync(scene, ann, "lists");

        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org", "ann+lists@example.org", "ann+LISTS@example.org", "team+lists@example.org");

        Assert.Equal(["INBOX", "lists"], await WithMailAsync(scene, ann));
    }

    /// <summary>A mailbox that was made between two calls with one id is no reason for a second copy.</summary>
    [Fact]
    public async Task A_repeated_delivery_goes_where_the_first_one_went()
    {
        await using var scene = new MdaScene(options => options with { DetailMailbox = DetailMailbox.IfThere });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var id = DeliveryId.New(scene.Clock);
        await scene.DeliverAsync(id, MdaScene.Message(), "ann+lists@example.org");
        await MakeAsync(scene, ann, "lists");

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(id, MdaScene.Message(), "ann+lists@example.org")));

        Assert.Equal(["INBOX"], await WithMailAsync(scene, ann));
        Assert.Single(await scene.MessagesAsync(ann));
    }

    [Fact]
    public async Task Mail_in_quarantine_goes_into_Junk_whatever_the_detail()
    {
        await using var scene = new MdaScene(options => options with { DetailMailbox = DetailMailbox.Create });
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.Delivery.DeliverAsync(
            new LocalDelivery(DeliveryId.New(scene.Clock), JourneyId.New(scene.Clock), Shared.Addressing.ReversePath.Null, [MdaScene.Address("ann+lists@example.org")], MdaScene.Message()) { Into = SpecialUse.Junk }, Cancellation);
        Assert.Equal(["Junk"], await WithMailAsync(scene, ann));
    }

    private static async Task MakeAsync(MdaScene scene, Account account, string name) =>
        Assert.IsType<NamespaceOutcome.Done>(await scene.Services.GetRequiredService<MailboxNames>().CreateAsync(account.Id, name, SpecialUse.None, Cancellation));

    private static async Task<IEnumerable<string>> WithMailAsync(MdaScene scene, Account account) =>
        (await scene.Mailboxes.ListAsync(account.Id, Cancellation)).Where(mailbox => mailbox.Messages > 0).Select(mailbox => mailbox.Name).Order(StringComparer.Ordinal);
}
