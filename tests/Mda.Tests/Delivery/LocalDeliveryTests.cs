using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Delivery;

public sealed class LocalDeliveryTests
{
    [Fact]
    public async Task Puts_a_message_into_the_inbox_with_a_return_path_in_front_of_the_octets_received()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var content = MdaScene.Message("Grüße");

        var outcomes = await scene.DeliverAsync(content, "Ann@example.org");

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(outcomes));
        var summary = Assert.Single(await scene.MessagesAsync(ann));
        Assert.Equal("Grüße", summary.Subject);
        Assert.Equal("Bob", summary.From);
        var opened = await scene.Mailboxes.OpenAsync(ann.Id, summary.Mailbox, summary.Uid, TestContext.Current.CancellationToken);
        Assert.Equal("Return-Path: <bob@example.net>\r\n" + MdaScene.Text(content), MdaScene.Text(opened!.Content));
        Assert.Equal(summary.Octets, opened.Content.Octets);
    }
}
