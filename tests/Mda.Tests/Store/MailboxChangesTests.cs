using System.Threading.Channels;
using MailSuite.Mda.Search;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Store;

public sealed class MailboxChangesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_the_account_whose_mailbox_changed_and_no_other()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var ben = await scene.AddAccountAsync("ben@example.org");
        var hers = Channel.CreateUnbounded<MailboxChanged>();
        var his = Channel.CreateUnbounded<MailboxChanged>();
        var changes = scene.Services.GetRequiredService<IMailboxChanges>();
        using var first = changes.Subscribe(ann.Id, notice => hers.Writer.TryWrite(notice));
        using var second = changes.Subscribe(ben.Id, notice => his.Writer.TryWrite(notice));

        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        var arrival = await hers.Reader.ReadAsync(Cancellation);
        var inbox = await scene.MailboxAsync(ann);
        await scene.Mailboxes.ChangeFlagsAsync(ann.Id, inbox.Id, [new Uid(1)], MessageFlags.Seen, MessageFlags.None, Cancellation);
        var flags = await hers.Reader.ReadAsync(Cancellation);

        Assert.Equal(new MailboxChanged(ann.Id, inbox.Id, inbox.HighestModSeq, 1), arrival);
        Assert.Equal((0, inbox.HighestModSeq.Value + 1), (flags.NewMessages, flags.HighestModSeq.Value));
        Assert.False(his.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Goes_on_when_a_listener_throws_and_after_one_left()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var notices = Channel.CreateUnbounded<MailboxChanged>();
        var changes = scene.Services.GetRequiredService<IMailboxChanges>();
        using var bad = changes.Subscribe(ann.Id, _ => throw new InvalidOperationException("a listener's bug"));
        changes.Subscribe(ann.Id, _ => notices.Writer.TryComplete()).Dispose();
        using var good = changes.Subscribe(ann.Id, notice => notices.Writer.TryWrite(notice));

        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");

        Assert.Equal(ann.Id, (await notices.Reader.ReadAsync(Cancellation)).Account);
    }

    [Fact]
    public async Task Shows_the_preview_of_a_small_message_with_its_arrival()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");

        await scene.DeliverAsync(MdaScene.Message(body: "Good morning, Ann."), "ann@example.org");

        var summary = Assert.Single(await scene.MessagesAsync(ann));
        Assert.Equal(("Good morning, Ann.", false), (summary.Preview, summary.HasAttachments));
    }

    [Fact]
    public async Task Tells_the_mailbox_again_when_the_preview_of_a_larger_one_is_there()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var notices = Channel.CreateUnbounded<MailboxChanged>();
        using var listening = scene.Services.GetRequiredService<IMailboxChanges>().Subscribe(ann.Id, notice => notices.Writer.TryWrite(notice));
        await scene.StartAsync();

        await scene.DeliverAsync(MdaScene.Message(body: "Good morning, Ann." + new string('\n', DerivedFacts.MaxOctets)), "ann@example.org");
        Assert.Equal(1, (await notices.Reader.ReadAsync(Cancellation)).NewMessages);
        Assert.Equal(0, (await notices.Reader.ReadAsync(Cancellation)).NewMessages);

        var summary = Assert.Single(await scene.MessagesAsync(ann));
        Assert.Equal(("Good morning, Ann.", false), (summary.Preview, summary.HasAttachments));
        await scene.StopAsync();
    }
}
