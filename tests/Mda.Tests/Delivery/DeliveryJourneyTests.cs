using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mda.Tests.Delivery;

public sealed class DeliveryJourneyTests
{
    [Fact]
    public async Task Tells_who_got_the_message_through_which_alias_and_where_it_was_filed()
    {
        await using var scene = new MdaScene(options => options with
        {
            Aliases = new Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>>
            {
                [MdaScene.Address("team@example.org")] = [MdaScene.Address("ann@example.org"), MdaScene.Address("ben@example.org")],
            },
        });
        await scene.AddAccountAsync("ann@example.org");
        await scene.AddAccountAsync("ben@example.org");

        await scene.DeliverAsync(MdaScene.Message("News"), "team@example.org");

        var delivered = Assert.Single(scene.Journeys.Events, told => told.Step == JourneyStep.Delivered);
        Assert.Equal("team@example.org is an alias for ann@example.org, ben@example.org.", delivered.Reason);
        Assert.Equal(("1@example.net", "News"), (delivered.Facts!.MessageId, delivered.Facts.Subject));
        Assert.Equal(
            ["Filed in INBOX of ann@example.org as UID 1.", "Filed in INBOX of ben@example.org as UID 1."],
            scene.Journeys.Events.Where(told => told.Step == JourneyStep.Filed).Select(told => told.Summary));
    }

    [Fact]
    public async Task Tells_why_a_recipient_was_refused()
    {
        await using var scene = new MdaScene();
        await scene.AddAccountAsync("ann@example.org");

        await scene.DeliverAsync(MdaScene.Message(), "nobody@example.org");

        var refused = Assert.Single(scene.Journeys.Events);
        Assert.Equal((JourneyStep.Refused, MailRole.Mda), (refused.Step, refused.Role));
        Assert.StartsWith("5.1.1 ", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_the_first_reading_once()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        var summary = Assert.Single(await scene.MessagesAsync(ann));

        for (var i = 0; i < 3; i++)
            await scene.Mailboxes.OpenAsync(ann.Id, summary.Mailbox, summary.Uid, TestContext.Current.CancellationToken);

        Assert.Single(scene.Journeys.Events, told => told.Step == JourneyStep.Fetched);
    }
}
