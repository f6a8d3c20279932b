using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Store;

public sealed class ExpungeHistoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_what_went_since_a_modseq_and_not_what_went_after_the_snapshot()
    {
        await using var scene = new MdaScene();
        var (inbox, snapshot) = await WithTenAsync(scene);
        await ExpungeAsync(scene, inbox, 2, 3);
        var between = (await CurrentAsync(scene, inbox)).HighestModSeq;
        await ExpungeAsync(scene, inbox, 7);
        var then = await CurrentAsync(scene, inbox);
        await ExpungeAsync(scene, inbox, 8);

        Assert.Equal([new UidRun(2, 3), new UidRun(7, 7)], await SinceAsync(scene, then, snapshot.HighestModSeq));
        Assert.Equal([new UidRun(7, 7)], await SinceAsync(scene, then, between));
        Assert.Empty(await SinceAsync(scene, then, then.HighestModSeq));
        Assert.Empty(await SinceAsync(scene, snapshot, 1));
    }

    [Fact]
    public async Task Tells_every_uid_that_is_not_there_when_the_history_does_not_reach_back()
    {
        await using var scene = new MdaScene();
        var (inbox, _) = await WithTenAsync(scene);
        foreach (var uid in new uint[] { 1, 4, 5, 10 })
            await ExpungeAsync(scene, inbox, uid);
        var snapshot = await CurrentAsync(scene, inbox);
        var last = snapshot.HighestModSeq;
        Assert.Equal([new UidRun(1, 1), new UidRun(4, 5), new UidRun(10, 10)], await SinceAsync(scene, snapshot, 1));

        Assert.Empty(await scene.Store.ReadAsync(4, ExpungeStatements.TooLong, Cancellation));
        var (mailbox, keepFrom) = Assert.Single(await scene.Store.ReadAsync(2, ExpungeStatements.TooLong, Cancellation));
        while (await scene.Store.WriteAsync(turn => ExpungeStatements.Forget(turn, mailbox, keepFrom, 1), takesSpace: false, Cancellation) > 0)
        {
        }

        await using var tables = scene.OpenTables();
        Assert.Equal([5L, 10], tables.Expunged.OrderBy(row => row.Uid).Select(row => row.Uid));
        Assert.Equal([new UidRun(5, 5), new UidRun(10, 10)], await SinceAsync(scene, snapshot, last - 2));
        Assert.Equal([new UidRun(1, 1), new UidRun(4, 5), new UidRun(10, 10)], await SinceAsync(scene, snapshot, last - 3));
    }

    [Fact]
    public void Makes_runs_of_uids_in_any_order()
    {
        Assert.Equal([new UidRun(1, 3), new UidRun(5, 5), new UidRun(uint.MaxValue - 1, uint.MaxValue)], UidRun.Of([uint.MaxValue, 3, 1, 2, 5, 2, uint.MaxValue - 1]));
        Assert.Empty(UidRun.Of([]));
    }

    private static async Task<(MailboxId Inbox, MailboxSnapshot Snapshot)> WithTenAsync(MdaScene scene)
    {
        var ann = await scene.AddAccountAsync("ann@example.org");
        for (var i = 0; i < 10; i++)
            await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        var inbox = (await scene.MailboxAsync(ann)).Id;
        return (inbox, await CurrentAsync(scene, inbox));
    }

    private static async Task<MailboxSnapshot> CurrentAsync(MdaScene scene, MailboxId mailbox)
    {
        using var open = await scene.Store.Open.OpenAsync(mailbox, Cancellation);
        return open!.Current;
    }

    private static async Task ExpungeAsync(MdaScene scene, MailboxId mailbox, params uint[] uids) =>
        Assert.Equal(uids, (await scene.Services.GetRequiredService<MessageStore>().ExpungeAsync(mailbox, uids, onlyDeleted: false, Cancellation)).Uids);

    private static ValueTask<IReadOnlyList<UidRun>> SinceAsync(MdaScene scene, MailboxSnapshot snapshot, long since) =>
        scene.Services.GetRequiredService<ExpungeHistory>().SinceAsync(snapshot, since, Cancellation);
}
