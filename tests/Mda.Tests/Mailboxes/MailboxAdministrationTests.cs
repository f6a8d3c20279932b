using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Mailboxes;

/// <summary>What the operator does with mailboxes and quotas.</summary>
public sealed class MailboxAdministrationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Makes_subscribed_mailboxes_and_says_who_else_may_use_them()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.AddAccountAsync("ben@example.org");
        var mailboxes = scene.Services.GetRequiredService<IMailboxAdministration>();

        Assert.Equal("Work", Assert.IsType<MailboxChange.Done>(await mailboxes.CreateAsync(ann.Id, "Work", Cancellation)).Name);
        Assert.IsType<MailboxChange.Done>(await mailboxes.ShareAsync(ann.Id, "Work", "Ben@example.org", "lr", Cancellation));
        Assert.IsType<MailboxChange.Done>(await mailboxes.ShareAsync(ann.Id, "Work", "anyone", "l", Cancellation));
        Assert.IsType<MailboxChange.Refused>(await mailboxes.ShareAsync(ann.Id, "Work", "ben@example.org", "é", Cancellation));
        Assert.IsType<MailboxChange.Refused>(await mailboxes.DeleteAsync(ann.Id, "INBOX", Cancellation));
        Assert.IsType<MailboxChange.Done>(await mailboxes.RenameAsync(ann.Id, "Work", "Play", Cancellation));

        var play = Assert.Single(await mailboxes.ListAsync(ann.Id, Cancellation), mailbox => mailbox.Name == "Play");
        Assert.True(play.IsSubscribed);
        Assert.Equal([new MailboxShare("anyone", "l"), new MailboxShare("ben@example.org", "lr")], play.SharedWith);
        Assert.IsType<MailboxChange.Done>(await mailboxes.DeleteAsync(ann.Id, "Play", Cancellation));
        Assert.IsType<MailboxChange.Refused>(await mailboxes.DeleteAsync(ann.Id, "Play", Cancellation));
    }

    [Fact]
    public async Task A_quota_of_an_account_goes_before_the_configured_one()
    {
        await using var scene = new MdaScene(options => options with { QuotaMessages = 1 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var mailboxes = scene.Services.GetRequiredService<IMailboxAdministration>();

        Assert.IsType<LocalDeliveryOutcome.Stored>((await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"))[0]);
        Assert.IsNotType<LocalDeliveryOutcome.Stored>((await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"))[0]);
        Assert.True(await mailboxes.SetQuotaAsync(ann.Id, null, 2, Cancellation));
        Assert.IsType<LocalDeliveryOutcome.Stored>((await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"))[0]);
        Assert.IsNotType<LocalDeliveryOutcome.Stored>((await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"))[0]);
        Assert.True(await mailboxes.SetQuotaAsync(ann.Id, 0, 0, Cancellation));
        Assert.IsType<LocalDeliveryOutcome.Stored>((await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"))[0]);

        var usage = (await mailboxes.FindUsageAsync(ann.Id, Cancellation))!;
        Assert.Equal((3, 0, 0L), (usage.Messages, usage.MessageLimit, usage.OwnMessageLimit));
        await mailboxes.SetQuotaAsync(ann.Id, null, null, Cancellation);
        Assert.Equal((1, null), ((await mailboxes.FindUsageAsync(ann.Id, Cancellation))!.MessageLimit, (await mailboxes.FindUsageAsync(ann.Id, Cancellation))!.OwnMessageLimit));
        Assert.False(await mailboxes.SetQuotaAsync(new AccountId(99), 0, 0, Cancellation));
        Assert.Null(await mailboxes.FindUsageAsync(new AccountId(99), Cancellation));
    }
}
