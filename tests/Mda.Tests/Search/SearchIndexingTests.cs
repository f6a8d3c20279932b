using MailSuite.Mda.Search;
using MailSuite.Mda.Search.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Search;

public sealed class SearchIndexingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follows_the_deliveries_in_batches_and_then_rests()
    {
        await using var scene = new MdaScene();
        await DeliverAsync(scene, 3);

        Assert.Equal(3, await Indexing(scene).IndexBatchAsync(Cancellation));
        Assert.Equal(0, await Indexing(scene).IndexBatchAsync(Cancellation));

        Assert.Equal([1, 2, 3], await IdsAsync(scene));
    }

    [Fact]
    public async Task Goes_on_after_a_restart_where_it_was()
    {
        using var directory = new Testing.TempDirectory();
        await using (var scene = new MdaScene(directory: directory.Path))
        {
            await DeliverAsync(scene, 2);
            await IndexAsync(scene);
        }

        await using var again = new MdaScene(directory: directory.Path);
        await DeliverAsync(again, 1);
        await IndexAsync(again);

        Assert.Equal([1, 2, 3], await IdsAsync(again));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("no database")]
    [InlineData("cut")]
    public async Task Makes_a_missing_or_damaged_index_anew(string how)
    {
        using var directory = new Testing.TempDirectory();
        var file = Path.Combine(directory.Path, "search.db");
        await using (var scene = new MdaScene(directory: directory.Path))
        {
            await DeliverAsync(scene, 20);
            await IndexAsync(scene);
        }

        if (how == "missing")
            File.Delete(file);
        else if (how == "no database")
            await File.WriteAllTextAsync(file, "This is no database, and longer than a header of one would be, which has a hundred octets in all of them.", Cancellation);
        else
            await CutAsync(file);

        await using var again = new MdaScene(directory: directory.Path);
        // A damage in the middle shows when the page is read; the round after that begins anew.
        for (var i = 0; i < 3; i++)
        {
            try
            {
                await IndexAsync(again);
                _ = await IdsAsync(again);
            }
            catch (Mda.Store.Sqlite.StoreFault)
            {
            }
        }

        Assert.Equal(20, (await IdsAsync(again)).Count);
    }

    [Fact]
    public async Task Takes_out_what_was_expunged()
    {
        await using var scene = new MdaScene();
        var ann = await DeliverAsync(scene, 3);
        await IndexAsync(scene);

        await scene.Mailboxes.ExpungeAsync(ann.Id, (await scene.MailboxAsync(ann)).Id, [new Uid(2)], Cancellation);
        await IndexAsync(scene);

        Assert.Equal([1, 3], await IdsAsync(scene));
    }

    [Fact]
    public async Task Finds_at_its_start_what_was_expunged_while_it_did_not_run()
    {
        using var directory = new Testing.TempDirectory();
        Account ann;
        await using (var scene = new MdaScene(directory: directory.Path))
        {
            ann = await DeliverAsync(scene, 3);
            await IndexAsync(scene);
        }

        await using (var scene = new MdaScene(directory: directory.Path))
            await scene.Mailboxes.ExpungeAsync(ann.Id, (await scene.MailboxAsync(ann)).Id, [new Uid(1)], Cancellation);

        await using var again = new MdaScene(directory: directory.Path);
        await IndexAsync(again);

        Assert.Equal([2, 3], await IdsAsync(again));
    }

    [Fact]
    public async Task Begins_anew_when_the_store_is_older_than_the_index()
    {
        using var directory = new Testing.TempDirectory();
        await using (var scene = new MdaScene(directory: directory.Path))
        {
            await DeliverAsync(scene, 5);
            await IndexAsync(scene);
        }

        foreach (var file in Directory.EnumerateFiles(directory.Path, "mda.db*"))
            File.Delete(file);
        await using var again = new MdaScene(directory: directory.Path);
        await DeliverAsync(again, 2);
        await IndexAsync(again);

        Assert.Equal([1, 2], await IdsAsync(again));
    }

    private static SearchIndexing Indexing(MdaScene scene) => scene.Services.GetRequiredService<SearchIndexing>();

    private static async Task IndexAsync(MdaScene scene)
    {
        while (await Indexing(scene).IndexBatchAsync(Cancellation) > 0)
        {
        }
    }

    private static async Task<Account> DeliverAsync(MdaScene scene, int count)
    {
        var ann = await scene.AddAccountAsync("ann@example.org");
        for (var i = 0; i < count; i++)
            await scene.DeliverAsync(MdaScene.Message($"Message {i}", string.Join(' ', Enumerable.Range(0, 500).Select(word => $"word{i}x{word}"))), "ann@example.org");
        return ann;
    }

    private static async Task<List<long>> IdsAsync(MdaScene scene) =>
        await scene.Services.GetRequiredService<SearchIndex>().TryReadAsync((0L, 1000), IndexStatements.Indexed, Cancellation) ?? [];

    /// <summary>Overwrites all but the first page, as a disk does that loses what it was given.</summary>
    private static async Task CutAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open);
        var junk = new byte[stream.Length - 8192];
        Array.Fill(junk, (byte)0x55);
        stream.Position = 8192;
        await stream.WriteAsync(junk, Cancellation);
    }
}
