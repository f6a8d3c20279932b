using MailSuite.Mda.Search;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Store;

public sealed class ThreadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Links_by_references_then_by_in_reply_to_whatever_the_subject_says()
    {
        await using var scene = await SceneAsync();

        await DeliverAsync(scene, "Message-ID: <1@x>\r\nSubject: Plans");
        await DeliverAsync(scene, "Message-ID: <2@x>\r\nReferences: <0@x> <1@x>\r\nSubject: something else");
        await DeliverAsync(scene, "Message-ID: <3@x>\r\nIn-Reply-To: <2@x>\r\nSubject: and else");
        await DeliverAsync(scene, "Message-ID: <4@x>\r\nSubject: Plans");

        Assert.Equal([1L, 1, 1, 4], await ThreadsAsync(scene));
    }

    [Fact]
    public async Task Links_an_answer_that_comes_before_what_it_answers()
    {
        await using var scene = await SceneAsync();

        await DeliverAsync(scene, "Message-ID: <2@x>\r\nReferences: <1@x>\r\nSubject: Re: Plans");
        await DeliverAsync(scene, "Message-ID: <3@x>\r\nReferences: <1@x>\r\nSubject: Re: other plans");
        await DeliverAsync(scene, "Message-ID: <1@x>\r\nSubject: Plans");

        Assert.Equal([1L, 1, 1], await ThreadsAsync(scene));
    }

    [Fact]
    public async Task Links_an_answer_without_references_by_its_subject_to_the_latest_of_that_name()
    {
        await using var scene = await SceneAsync();

        await DeliverAsync(scene, "Message-ID: <1@x>\r\nSubject: Lunch");
        await DeliverAsync(scene, "Message-ID: <2@x>\r\nSubject: lunch");
        await DeliverAsync(scene, "Message-ID: <3@x>\r\nSubject: Re: [list]  LUNCH (fwd)");
        await DeliverAsync(scene, "Subject: Re:");
        await DeliverAsync(scene, "Subject: Re:");

        Assert.Equal([1L, 2, 2, 4, 5], await ThreadsAsync(scene));
    }

    [Fact]
    public async Task Keeps_the_conversations_of_accounts_apart_but_gives_one_message_one_id()
    {
        await using var scene = await SceneAsync();
        await scene.AddAccountAsync("ben@example.org");

        await scene.DeliverAsync(Octets("Message-ID: <1@x>\r\nSubject: a"), "ann@example.org", "ben@example.org");
        await scene.DeliverAsync(Octets("Message-ID: <2@x>\r\nSubject: b"), "ben@example.org");
        await DeliverAsync(scene, "Message-ID: <3@x>\r\nReferences: <2@x>\r\nSubject: Re: b");

        await using var tables = scene.OpenTables();
        Assert.Equal([(1L, 1L), (1, 1), (2, 2), (3, 3)], [.. tables.Messages.OrderBy(row => row.BodyId).Select(row => new { row.BodyId, row.ThreadId }).AsEnumerable().Select(row => (row.BodyId, row.ThreadId))]);
    }

    [Fact]
    public async Task Looks_at_the_nearest_ancestors_only()
    {
        string Ids(int count) => string.Join(' ', Enumerable.Range(1, count).Select(i => $"{i}@x"));

        Assert.Equal(ThreadKeys.MaxAncestors, ThreadKeys.Of(new HeaderFacts { References = Ids(ThreadKeys.MaxAncestors) }).Ancestors.Count);
        var bounded = ThreadKeys.Of(new HeaderFacts { References = Ids(ThreadKeys.MaxAncestors + 1) }).Ancestors;
        Assert.Equal(ThreadKeys.MaxAncestors, bounded.Count);
        Assert.Equal(ThreadKeys.Of(new HeaderFacts { References = "2@x" }).Ancestors[0], bounded[^1]);
        Assert.Equal(ThreadKeys.Of(new HeaderFacts { References = $"{ThreadKeys.MaxAncestors + 1}@x" }).Ancestors[0], bounded[0]);

        await using var scene = await SceneAsync();
        await DeliverAsync(scene, "no field\r\nat all");
        Assert.Equal([1L], await ThreadsAsync(scene));
    }

    [Fact]
    public async Task Forgets_the_links_of_the_oldest_conversations()
    {
        await using var scene = await SceneAsync();
        for (var i = 1; i <= 5; i++)
            await DeliverAsync(scene, $"Message-ID: <{i}@x>\r\nSubject: {i}");
        await using var tables = scene.OpenTables();
        Assert.Equal(10, tables.ThreadLinks.Count());

        Assert.Empty(await scene.Store.ReadAsync(10, ThreadStatements.TooMany, Cancellation));
        var (account, keepFrom) = Assert.Single(await scene.Store.ReadAsync(9, ThreadStatements.TooMany, Cancellation));
        await scene.Store.WriteAsync(turn => ThreadStatements.Forget(turn, account, keepFrom), takesSpace: false, Cancellation);

        Assert.Equal(10, tables.ThreadLinks.Count());
        (account, keepFrom) = Assert.Single(await scene.Store.ReadAsync(4, ThreadStatements.TooMany, Cancellation));
        await scene.Store.WriteAsync(turn => ThreadStatements.Forget(turn, account, keepFrom), takesSpace: false, Cancellation);
        Assert.Equal([4L, 4, 5, 5], tables.ThreadLinks.OrderBy(link => link.ThreadId).Select(link => link.ThreadId));
    }

    private static async Task<MdaScene> SceneAsync()
    {
        var scene = new MdaScene();
        await scene.AddAccountAsync("ann@example.org");
        return scene;
    }

    private static Shared.Content.IMessageContent Octets(string header) => MdaScene.Octets($"{header}\r\n\r\nText.\r\n");

    private static async Task DeliverAsync(MdaScene scene, string header) =>
        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(Octets(header), "ann@example.org")));

    private static async Task<List<long>> ThreadsAsync(MdaScene scene)
    {
        await using var tables = scene.OpenTables();
        return [.. tables.Messages.OrderBy(message => message.Uid).Select(message => message.ThreadId)];
    }
}
