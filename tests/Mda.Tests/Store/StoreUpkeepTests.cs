using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Store;

public sealed class StoreUpkeepTests
{
    [Fact]
    public async Task Forgets_delivery_ids_that_are_old_and_no_others()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        for (var i = 0; i < 3; i++)
            await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await using var tables = scene.OpenTables();

        await Forget(DateTimeOffset.UtcNow.AddDays(-7));
        Assert.Equal(3, tables.Deliveries.Count());
        await Forget(DateTimeOffset.UtcNow.AddDays(1));

        Assert.Empty(tables.Deliveries);
        Assert.Equal(3, (await scene.MessagesAsync(ann)).Count);

        Task<int> Forget(DateTimeOffset before) => scene.Store.WriteAsync(turn => UpkeepStatements.Forget(turn, before, 500), takesSpace: false, TestContext.Current.CancellationToken);
    }
}
