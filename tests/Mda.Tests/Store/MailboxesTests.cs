using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mda.Tests.Store;

public sealed class MailboxesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gives_a_new_account_its_mailboxes_the_inbox_first()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var ben = await scene.AddAccountAsync("ben@example.org");

        var mailboxes = await scene.Mailboxes.ListAsync(ann.Id, Cancellation);

        Assert.Equal(["INBOX", "Drafts", "Sent", "Archive", "Junk", "Trash"], mailboxes.Select(mailbox => mailbox.Name));
        Assert.All(mailboxes, mailbox => Assert.Equal((1u, 0, 0), (mailbox.UidNext.Value, mailbox.Messages, mailbox.Unseen)));
        Assert.True((await scene.MailboxAsync(ben)).UidValidity.Value > (await scene.MailboxAsync(ann)).UidValidity.Value);
    }

    [Fact]
    public async Task Pages_newest_first_from_the_top_from_a_uid_and_from_a_jump()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        for (var i = 0; i < 25; i++)
            await scene.DeliverAsync(MdaScene.Message($"{i + 1}"), "ann@example.org");
        var inbox = await scene.MailboxAsync(ann);

        Assert.Equal([25u, 24, 23], await Uids(new MessagePageRequest(null, 0, 3)));
        Assert.Equal([22u, 21, 20], await Uids(new MessagePageRequest(new Uid(23), 0, 3)));
        Assert.Equal([15u, 14], await Uids(new MessagePageRequest(null, 10, 2)));
        Assert.Equal([2u, 1], await Uids(new MessagePageRequest(null, 23, 50)));
        Assert.Empty(await Uids(new MessagePageRequest(null, 25, 50)));
        Assert.Equal(25, (await scene.Mailboxes.PageAsync(ann.Id, inbox.Id, new MessagePageRequest(null, 99, 5), Cancellation)).Total);

        async Task<IEnumerable<uint>> Uids(MessagePageRequest request) =>
            (await scene.Mailboxes.PageAsync(ann.Id, inbox.Id, request, Cancellation)).Messages.Select(message => message.Uid.Value);
    }

    [Fact]
    public async Task Hides_what_belongs_to_another_account()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var eve = await scene.AddAccountAsync("eve@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        var inbox = (await scene.MailboxAsync(ann)).Id;
        var hers = (await scene.MailboxAsync(eve)).Id;
        Uid[] all = [new Uid(1)];

        Assert.Null(await scene.Mailboxes.FindAsync(eve.Id, inbox, Cancellation));
        Assert.Empty((await scene.Mailboxes.PageAsync(eve.Id, inbox, new MessagePageRequest(null, 0, 10), Cancellation)).Messages);
        Assert.Null(await scene.Mailboxes.OpenAsync(eve.Id, inbox, all[0], Cancellation));
        Assert.Equal(0, await scene.Mailboxes.ChangeFlagsAsync(eve.Id, inbox, all, MessageFlags.Seen, MessageFlags.None, Cancellation));
        Assert.Equal(0, await scene.Mailboxes.MoveAsync(eve.Id, inbox, all, hers, Cancellation));
        Assert.Equal(0, await scene.Mailboxes.MoveAsync(ann.Id, inbox, all, hers, Cancellation));
        Assert.Equal(0, await scene.Mailboxes.ExpungeAsync(eve.Id, inbox, all, Cancellation));
        Assert.IsType<AppendOutcome.Refused>(await scene.Mailboxes.AppendAsync(eve.Id, inbox, Append(scene), Cancellation));
        Assert.Empty(await scene.Mailboxes.SearchAsync(eve.Id, new MessageSearch("hello", null, null, inbox), 10, Cancellation));
        Assert.Equal(1, (await scene.MailboxAsync(ann)).Unseen);
    }

    [Fact]
    public async Task Changes_flags_raises_the_modseq_and_counts_the_unseen()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        for (var i = 0; i < 3; i++)
            await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        var before = await scene.MailboxAsync(ann);

        var there = await scene.Mailboxes.ChangeFlagsAsync(ann.Id, before.Id, [new Uid(1), new Uid(2), new Uid(9)], MessageFlags.Seen | MessageFlags.Flagged, MessageFlags.None, Cancellation);
        var changed = await scene.MailboxAsync(ann);
        await scene.Mailboxes.ChangeFlagsAsync(ann.Id, before.Id, [new Uid(1)], MessageFlags.Seen, MessageFlags.None, Cancellation);
        var unchanged = await scene.MailboxAsync(ann);
        await scene.Mailboxes.ChangeFlagsAsync(ann.Id, before.Id, [new Uid(1)], MessageFlags.Answered, MessageFlags.Seen, Cancellation);

        Assert.Equal(2, there);
        Assert.Equal((1, before.HighestModSeq.Value + 1), (changed.Unseen, changed.HighestModSeq.Value));
        Assert.Equal(changed.HighestModSeq, unchanged.HighestModSeq);
        Assert.Equal(2, (await scene.MailboxAsync(ann)).Unseen);
        Assert.Equal(MessageFlags.Flagged | MessageFlags.Answered, (await scene.MessagesAsync(ann)).Single(message => message.Uid.Value == 1).Flags);
    }

    [Fact]
    public async Task Moves_a_message_with_its_octets_to_a_new_uid_and_remembers_the_old_one()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.DeliverAsync(MdaScene.Message("stays"), "ann@example.org");
        await scene.DeliverAsync(MdaScene.Message("moves"), "ann@example.org");
        var inbox = await scene.MailboxAsync(ann);
        var trash = await scene.MailboxAsync(ann, SpecialUse.Trash);

        var moved = await scene.Mailboxes.MoveAsync(ann.Id, inbox.Id, [new Uid(2), new Uid(2), new Uid(7)], trash.Id, Cancellation);

        Assert.Equal(1, moved);
        Assert.Equal("stays", Assert.Single(await scene.MessagesAsync(ann)).Subject);
        var there = Assert.Single(await scene.MessagesAsync(ann, SpecialUse.Trash));
        Assert.Equal(("moves", 1u), (there.Subject, there.Uid.Value));
        Assert.NotNull(await scene.Mailboxes.OpenAsync(ann.Id, trash.Id, there.Uid, Cancellation));
        await using var tables = scene.OpenTables();
        var expunged = Assert.Single(tables.Expunged);
        Assert.Equal((inbox.Id.Value, 2L, (await scene.MailboxAsync(ann)).HighestModSeq.Value), (expunged.MailboxId, expunged.Uid, expunged.ModSeq));
    }

    [Fact]
    public async Task Removes_the_body_with_its_last_message_and_not_before()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var ben = await scene.AddAccountAsync("ben@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org", "ben@example.org");
        await using var tables = scene.OpenTables();

        await scene.Mailboxes.ExpungeAsync(ann.Id, (await scene.MailboxAsync(ann)).Id, [new Uid(1)], Cancellation);
        Assert.Single(tables.BodyOctets.ToList());
        Assert.NotNull(await scene.Mailboxes.OpenAsync(ben.Id, (await scene.MailboxAsync(ben)).Id, new Uid(1), Cancellation));
        await scene.Mailboxes.ExpungeAsync(ben.Id, (await scene.MailboxAsync(ben)).Id, [new Uid(1)], Cancellation);

        Assert.Empty(tables.BodyOctets.ToList());
        Assert.Empty(tables.Bodies.ToList());
        Assert.All(tables.Accounts.ToList(), account => Assert.Equal(0, account.Octets));
    }

    [Fact]
    public async Task Never_uses_a_uid_again()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await scene.Mailboxes.ExpungeAsync(ann.Id, (await scene.MailboxAsync(ann)).Id, [new Uid(1)], Cancellation);

        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");

        Assert.Equal(2u, Assert.Single(await scene.MessagesAsync(ann)).Uid.Value);
    }

    [Fact]
    public async Task Appends_as_the_client_says_once_for_an_id_and_without_a_return_path()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var sent = (await scene.MailboxAsync(ann, SpecialUse.Sent)).Id;
        var append = Append(scene) with { Flags = MessageFlags.Seen, ReceivedAt = DateTimeOffset.UnixEpoch, Journey = JourneyId.New(scene.Clock) };

        var first = Assert.IsType<AppendOutcome.Appended>(await scene.Mailboxes.AppendAsync(ann.Id, sent, append, Cancellation));
        var second = Assert.IsType<AppendOutcome.Appended>(await scene.Mailboxes.AppendAsync(ann.Id, sent, append, Cancellation));

        Assert.Equal(first, second);
        var message = Assert.Single(await scene.MessagesAsync(ann, SpecialUse.Sent));
        Assert.Equal((MessageFlags.Seen, DateTimeOffset.UnixEpoch), (message.Flags, message.ReceivedAt));
        Assert.Equal(0, (await scene.MailboxAsync(ann, SpecialUse.Sent)).Unseen);
        var opened = await scene.Mailboxes.OpenAsync(ann.Id, sent, first.Uid, Cancellation);
        Assert.Equal((MdaScene.Text(append.Content), append.Journey), (MdaScene.Text(opened!.Content), opened.Journey));
        Assert.Equal("Filed in Sent of ann@example.org as UID 1.", Assert.Single(scene.Journeys.Events).Summary);
    }

    [Fact]
    public async Task Refuses_to_append_beyond_the_quota()
    {
        await using var scene = new MdaScene(options => options with { QuotaOctets = 100 });
        var ann = await scene.AddAccountAsync("ann@example.org");

        var outcome = await scene.Mailboxes.AppendAsync(ann.Id, (await scene.MailboxAsync(ann)).Id, Append(scene), Cancellation);

        Assert.Equal("The account is full.", Assert.IsType<AppendOutcome.Refused>(outcome).Reason);
    }

    [Fact]
    public async Task Keeps_a_large_message_in_a_file_until_it_is_expunged()
    {
        await using var scene = new MdaScene(options => options with { LargeMessageOctets = 1000 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var path = Path.Combine(scene.Directory, "incoming");
        await File.WriteAllTextAsync(path, "Subject: large\r\n\r\n" + new string('x', 300_000), Cancellation);
        var content = new FileContent(path, new FileInfo(path).Length);

        await scene.DeliverAsync(content, "ann@example.org");

        var file = Assert.Single(Directory.GetFiles(Path.Combine(scene.Directory, "bodies"), "*", SearchOption.AllDirectories));
        Assert.Equal(content.Octets, new FileInfo(file).Length);
        var message = Assert.Single(await scene.MessagesAsync(ann));
        Assert.Equal("large", message.Subject);
        var opened = await scene.Mailboxes.OpenAsync(ann.Id, message.Mailbox, message.Uid, Cancellation);
        Assert.False(opened!.Content.TryGetMemory(out _));
        Assert.Equal("Return-Path: <bob@example.net>\r\nDelivered-To: ann@example.org\r\n" + MdaScene.Text(content), MdaScene.Text(opened.Content));
        await scene.Mailboxes.ExpungeAsync(ann.Id, message.Mailbox, [message.Uid], Cancellation);
        await MdaScene.UntilAsync(() => !File.Exists(file));
    }

    [Fact]
    public async Task Leaves_no_second_file_when_a_large_delivery_is_repeated_or_refused()
    {
        await using var scene = new MdaScene(options => options with { LargeMessageOctets = 1000, QuotaOctets = 5000 });
        await scene.AddAccountAsync("ann@example.org");
        var id = DeliveryId.New(scene.Clock);
        var message = MdaScene.Message(body: new string('x', 3000));

        await scene.DeliverAsync(id, message, "ann@example.org");
        await scene.DeliverAsync(id, message, "ann@example.org");
        await scene.DeliverAsync(message, "ann@example.org");

        await MdaScene.UntilAsync(() => Directory.GetFiles(Path.Combine(scene.Directory, "bodies"), "*", SearchOption.AllDirectories).Length == 1);
    }

    private static MessageAppend Append(MdaScene scene) => new(DeliveryId.New(scene.Clock), MdaScene.Message(), MessageFlags.None, null, null);
}
