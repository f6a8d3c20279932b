using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Tests.Spool;

public sealed class SpoolWriterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_that_the_disk_is_full_and_lets_the_small_ones_of_the_group_through()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await using var writer = new SpoolWriter(Limited(scene, pages: 100));

        var big = writer.WriteAsync(commands => commands.Accept(New(scene, 900_000)), Cancel);
        var small = Enumerable.Range(0, 20).Select(_ => writer.WriteAsync(commands => commands.Accept(New(scene, 500)), Cancel)).ToList();

        var error = await Assert.ThrowsAsync<SpoolUnavailableException>(() => big);
        Assert.Equal(StatusCodes.SystemStorageFull, error.Status);
        Assert.All(await Task.WhenAll(small), Assert.NotNull);
        Assert.Equal(20, scene.Due().Count);
    }

    [Fact]
    public async Task Goes_on_after_a_write_that_is_wrong()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await using var writer = new SpoolWriter(Limited(scene, pages: 1000));

        var wrong = writer.WriteAsync<bool>(_ => throw new InvalidOperationException("a bug"), Cancel);
        var right = writer.WriteAsync(commands => commands.Accept(New(scene, 500)), Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => wrong);
        Assert.NotNull(await right);
        Assert.Single(scene.Due());
    }

    [Fact]
    public async Task Takes_nothing_after_its_end_but_writes_what_it_has_taken()
    {
        await using var scene = await SpoolScene.OpenAsync();
        var writer = new SpoolWriter(Limited(scene, pages: 1000));
        var taken = writer.WriteAsync(commands => commands.Accept(New(scene, 500)), Cancel);

        await writer.DisposeAsync();

        Assert.NotNull(await taken);
        await Assert.ThrowsAsync<SpoolUnavailableException>(() => writer.WriteAsync(commands => commands.Accept(New(scene, 500)), Cancel));
        Assert.Single(scene.Due());
    }

    private static SqliteConnection Limited(SpoolScene scene, int pages)
    {
        var connection = new SpoolDatabase(scene.Database, TimeSpan.FromSeconds(5)).OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count = {pages}";
        command.ExecuteNonQuery();
        return connection;
    }

    private static NewMessage New(SpoolScene scene, int octets)
    {
        var message = scene.Message(octets);
        message.Content.TryGetMemory(out var memory);
        return new NewMessage(message, null, DeliveryId.New(scene.Clock), memory.ToArray(), null, scene.Clock.GetUtcNow().ToUnixTimeMilliseconds(), new NoticeTimes(scene.Options.Relay));
    }
}
