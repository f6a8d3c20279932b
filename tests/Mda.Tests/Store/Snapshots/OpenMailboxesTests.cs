using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Store.Snapshots;

public sealed class OpenMailboxesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follows_every_change_before_its_caller_hears_of_it()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var (inbox, trash) = ((await scene.MailboxAsync(ann)).Id, (await scene.MailboxAsync(ann, SpecialUse.Trash)).Id);
        using var open = await OpenAsync(scene, inbox);
        using var other = await OpenAsync(scene, trash);
        var messages = scene.Services.GetRequiredService<MessageStore>();

        for (var i = 0; i < 6; i++)
            await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.Equal([1u, 2, 3, 4, 5, 6], Uids(open));
        await messages.StoreFlagsAsync(inbox, [2, 3], new FlagChange(FlagChangeMode.Add, MessageFlags.Seen, ["Work", "$Junk"]), null, Cancellation);
        Assert.Equal([MessageFlags.None, MessageFlags.Seen], [open.Current[0].Flags, open.Current[1].Flags]);
        Assert.Equal(["$Junk", "Work"], scene.Store.Keywords[open.Current[1].Keywords].Names);
        await messages.CopyAsync(inbox, [1, 2], trash, Cancellation);
        await messages.MoveAsync(inbox, [3, 5], trash, Cancellation);
        await messages.ExpungeAsync(inbox, [6], onlyDeleted: false, Cancellation);

        Assert.Equal([1u, 2, 4], Uids(open));
        Assert.Equal([1u, 2, 3, 4], Uids(other));
        await AgreesWithTheTablesAsync(scene, open);
        await AgreesWithTheTablesAsync(scene, other);
    }

    [Fact]
    public async Task Loses_nothing_and_takes_nothing_twice_when_mail_comes_while_it_reads()
    {
        await using var scene = new MdaScene(options => options with { CachedMessages = 0 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var inbox = (await scene.MailboxAsync(ann)).Id;
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 10).Select(_ => Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                    await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
            },
            Cancellation)).ToList();

        for (var i = 0; i < 100; i++)
        {
            using var open = await OpenAsync(scene, inbox);
            var snapshot = open.Current;
            Assert.Equal(Enumerable.Range(1, snapshot.Count).Select(uid => (uint)uid), Uids(open).Take(snapshot.Count));
        }

        using var last = await OpenAsync(scene, inbox);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await AgreesWithTheTablesAsync(scene, last);
    }

    [Fact]
    public async Task Sees_what_another_process_wrote_when_it_opens_when_it_refreshes_and_after_a_change_of_its_own()
    {
        using var directory = new TempDirectory();
        await using var scene = new MdaScene(directory: directory.Path);
        await using var other = new MdaScene(directory: directory.Path);
        var ann = await scene.AddAccountAsync("ann@example.org");
        var inbox = (await scene.MailboxAsync(ann)).Id;
        using var open = await OpenAsync(scene, inbox);

        await other.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.Empty(Uids(open));
        await open.RefreshAsync(Cancellation);
        Assert.Equal([1u], Uids(open));

        await other.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await MdaScene.UntilAsync(() => Uids(open).SequenceEqual(new uint[] { 1, 2, 3 }));

        await other.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await scene.Mailboxes.ChangeFlagsAsync(ann.Id, inbox, [new Uid(1)], MessageFlags.Flagged, MessageFlags.None, Cancellation);
        Assert.Equal([1u, 2, 3, 4], Uids(open));

        await other.DeliverAsync(MdaScene.Message(), "ann@example.org");
        using var again = await OpenAsync(scene, inbox);
        Assert.Equal([1u, 2, 3, 4, 5], Uids(again));
        Assert.Same(open.Current, again.Current);
        await AgreesWithTheTablesAsync(scene, open);
    }

    [Theory]
    [InlineData(2 * (64 + 3), 2)]
    [InlineData((2 * (64 + 3)) - 1, 1)]
    public async Task Keeps_closed_mailboxes_as_far_as_the_option_allows_and_those_that_are_open_always(int cachedMessages, int kept)
    {
        await using var scene = new MdaScene(options => options with { CachedMessages = cachedMessages });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var inbox = (await scene.MailboxAsync(ann)).Id;
        var archive = (await scene.MailboxAsync(ann, SpecialUse.Archive)).Id;
        for (var i = 0; i < 3; i++)
            await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await scene.Services.GetRequiredService<MessageStore>().CopyAsync(inbox, [1, 2, 3], archive, Cancellation);

        var (first, second) = (await OpenAsync(scene, inbox), await OpenAsync(scene, archive));
        Assert.Equal(2, scene.Store.Open.Count);
        first.Dispose();
        first.Dispose();
        Assert.Equal(2, scene.Store.Open.Count);
        second.Dispose();

        Assert.Equal(kept, scene.Store.Open.Count);
        using var again = await OpenAsync(scene, inbox);
        Assert.Equal([1u, 2, 3], Uids(again));
    }

    [Theory]
    [InlineData(64 + 3, 1)]
    [InlineData(64 + 2, 0)]
    public async Task Counts_what_comes_to_a_mailbox_while_nobody_has_it_open(int cachedMessages, int kept)
    {
        await using var scene = new MdaScene(options => options with { CachedMessages = cachedMessages });
        var ann = await scene.AddAccountAsync("ann@example.org");
        (await OpenAsync(scene, (await scene.MailboxAsync(ann)).Id)).Dispose();
        Assert.Equal(1, scene.Store.Open.Count);

        for (var i = 0; i < 3; i++)
            await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");

        Assert.Equal(kept, scene.Store.Open.Count);
    }

    [Fact]
    public async Task Follows_commits_while_nobody_has_it_open()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var inbox = (await scene.MailboxAsync(ann)).Id;
        (await OpenAsync(scene, inbox)).Dispose();

        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");

        using var open = await OpenAsync(scene, inbox);
        Assert.Equal([1u], Uids(open));
    }

    [Fact]
    public async Task Opens_no_mailbox_that_is_not_there_and_tells_of_one_that_goes()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var inbox = await scene.MailboxAsync(ann);
        Assert.Null(await scene.Store.Open.OpenAsync(new MailboxId(999), Cancellation));
        using var open = await OpenAsync(scene, inbox.Id);
        var told = new TaskCompletionSource();
        using var subscription = open.Subscribe(told.SetResult);

        await scene.Accounts.RemoveAsync(ann.Address, Cancellation);

        await told.Task.WaitAsync(Cancellation);
        Assert.True(open.IsRemoved);
        Assert.Null(await scene.Store.Open.OpenAsync(inbox.Id, Cancellation));
    }

    [Fact]
    public async Task Tells_those_who_subscribed_even_when_one_of_them_fails_and_until_they_leave()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        using var open = await OpenAsync(scene, (await scene.MailboxAsync(ann)).Id);
        var (left, stayed) = (0, 0);
        using var failing = open.Subscribe(() => throw new InvalidOperationException("a bug of a session"));
        var leaving = open.Subscribe(() => Interlocked.Increment(ref left));
        using var staying = open.Subscribe(() => Interlocked.Increment(ref stayed));

        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await MdaScene.UntilAsync(() => Volatile.Read(ref stayed) == 1);
        leaving.Dispose();
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await MdaScene.UntilAsync(() => Volatile.Read(ref stayed) == 2);

        Assert.Equal(1, left);
    }

    private static async Task<OpenMailbox> OpenAsync(MdaScene scene, MailboxId mailbox)
    {
        var open = await scene.Store.Open.OpenAsync(mailbox, Cancellation);
        Assert.NotNull(open);
        return open;
    }

    private static IEnumerable<uint> Uids(OpenMailbox open)
    {
        var snapshot = open.Current;
        return [.. Enumerable.Range(0, snapshot.Count).Select(i => snapshot[i].Uid)];
    }

    private static async Task AgreesWithTheTablesAsync(MdaScene scene, OpenMailbox open)
    {
        await using var tables = scene.OpenTables();
        var snapshot = open.Current;
        var mailbox = tables.Mailboxes.Single(row => row.Id == open.Id.Value);
        Assert.Equal((mailbox.UidNext, mailbox.HighestModSeq, mailbox.UidValidity), (snapshot.UidNext, snapshot.HighestModSeq, snapshot.UidValidity.Value));
        Assert.Equal(
            [.. tables.Messages.Where(row => row.MailboxId == open.Id.Value).OrderBy(row => row.Uid)
                .Select(row => new MessageEntry((uint)row.Uid, (MessageFlags)row.Flags, row.Keywords, (uint)row.Octets, row.ModSeq, row.BodyId, row.InternalDate))],
            Enumerable.Range(0, snapshot.Count).Select(i => snapshot[i]));
    }
}
