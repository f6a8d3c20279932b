using System.Collections.Concurrent;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Store;

/// <summary>A crash is what lies on the disk at an instant: copies taken inside the writer's turn, while a group is half done.</summary>
public sealed class StoreCrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Has_after_a_crash_at_any_instant_what_was_answered_and_each_once()
    {
        await using var scene = new MdaScene();
        await scene.AddAccountAsync("ann@example.org");
        var answered = new ConcurrentDictionary<string, DeliveryId>(StringComparer.Ordinal);
        var tried = new ConcurrentDictionary<string, DeliveryId>(StringComparer.Ordinal);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 20).Select(caller => Task.Run(() => DeliverUntilAsync(scene, caller, tried, answered, stop.Token), Cancellation)).ToList();

        for (var crash = 0; crash < 8; crash++)
        {
            using var wreck = new TempDirectory();
            var seen = answered.Count;
            while (answered.Count < seen + 50)
                await Task.Yield();
            var promised = await scene.Store.WriteAsync(_ => CopyFiles(scene.Directory, wreck.Path, answered), takesSpace: false, Cancellation);

            await using var restarted = new MdaScene(directory: wreck.Path);
            var ann = await restarted.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation);
            var subjects = await SubjectsAsync(restarted);
            Assert.Equal(subjects.Count, subjects.Distinct(StringComparer.Ordinal).Count());
            Assert.Empty(promised.Keys.Except(subjects, StringComparer.Ordinal));
            Assert.Equal(subjects.Count, (await restarted.MailboxAsync(ann!)).Messages);

            // The callers whose answer was lost in the crash come again with the same ids.
            foreach (var (subject, id) in tried.Take(100))
                await restarted.DeliverAsync(id, MdaScene.Message(subject), "ann@example.org");
            subjects = await SubjectsAsync(restarted);
            Assert.Equal(subjects.Count, subjects.Distinct(StringComparer.Ordinal).Count());
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    [Fact]
    public async Task Sweeps_body_files_that_no_message_has_named_for_a_day()
    {
        using var directory = new TempDirectory();
        await using (var before = new MdaScene(options => options with { LargeMessageOctets = 10 }, directory.Path))
        {
            await before.AddAccountAsync("ann@example.org");
            await before.DeliverAsync(MdaScene.Message("kept"), "ann@example.org");
        }

        var bodies = directory.File("bodies");
        var kept = Assert.Single(Directory.GetFiles(bodies, "*", SearchOption.AllDirectories));
        Directory.CreateDirectory(Path.Combine(bodies, "ab"));
        string[] orphans = [Path.Combine(bodies, "ab", "abcdef"), Path.Combine(bodies, "ab", "abcd.tmp")];
        var young = Path.Combine(bodies, "ab", "abcxyz");
        foreach (var file in orphans.Append(young))
            await File.WriteAllTextAsync(file, "not committed", Cancellation);
        foreach (var old in orphans.Append(kept))
            File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-25));

        await using var scene = new MdaScene(options => options with { LargeMessageOctets = 10 }, directory.Path);
        await scene.StartAsync();
        await MdaScene.UntilAsync(() => !orphans.Any(File.Exists));
        await scene.StopAsync();

        Assert.True(File.Exists(kept));
        Assert.True(File.Exists(young));
    }

    [Fact]
    public async Task Finishes_the_removal_of_an_account_that_a_crash_interrupted()
    {
        using var directory = new TempDirectory();
        await using (var before = new MdaScene(directory: directory.Path))
        {
            var ann = await before.AddAccountAsync("ann@example.org");
            await before.DeliverAsync(MdaScene.Message(), "ann@example.org");
            await before.Store.WriteAsync(turn => Mda.Store.Sqlite.AccountStatements.Remove(turn, ann.Id, DateTimeOffset.UnixEpoch), takesSpace: false, Cancellation);
        }

        await using var scene = new MdaScene(directory: directory.Path);
        await scene.StartAsync();
        await using var tables = scene.OpenTables();
        await MdaScene.UntilAsync(() => !tables.Accounts.Any());
        await scene.StopAsync();

        Assert.Empty(tables.Messages);
        Assert.Empty(tables.Bodies);
        Assert.Empty(tables.BodyOctets);
        Assert.Empty(tables.BodyWires);
        Assert.Empty(tables.BodyHeads);
        Assert.Empty(tables.ThreadLinks);
        Assert.Empty(tables.Subscriptions);
        Assert.Empty(tables.Mailboxes);
    }

    private static async Task DeliverUntilAsync(
        MdaScene scene, int caller, ConcurrentDictionary<string, DeliveryId> tried, ConcurrentDictionary<string, DeliveryId> answered, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var id = DeliveryId.New(scene.Clock);
            var subject = $"{caller}/{i}";
            tried[subject] = id;
            Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(id, MdaScene.Message(subject), "ann@example.org")));
            answered[subject] = id;
        }
    }

    /// <summary>The WAL before the database: only the writer folds it back, and the writer is where this runs.</summary>
    private static Dictionary<string, DeliveryId> CopyFiles(string from, string to, ConcurrentDictionary<string, DeliveryId> answered)
    {
        var promised = new Dictionary<string, DeliveryId>(answered);
        foreach (var name in new[] { "mda.db-wal", "mda.db" })
            File.Copy(Path.Combine(from, name), Path.Combine(to, name), overwrite: true);
        return promised;
    }

    private static async Task<List<string>> SubjectsAsync(MdaScene scene)
    {
        await scene.Store.OpenAsync();
        await using var tables = scene.OpenTables();
        return [.. tables.Messages.Join(tables.Bodies, message => message.BodyId, body => body.Id, (_, body) => body.Subject)];
    }
}
