using MailSuite.Mta.Queue;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Mta.Tests.Spool;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>The queue as mailq shows it and sendmail -q pushes it.</summary>
public sealed class MailQueueTests
{
    private static readonly RecipientOutcome NoAnswer = RecipientOutcome.Deferred(StatusCodes.NoAnswerFromHost, "No answer");

    [Fact]
    public async Task Shows_what_is_left_to_do_and_why()
    {
        await using var scene = await SpoolScene.OpenAsync();
        await scene.Store.AcceptAsync(scene.Message(100, "bob@example.net", "carol@example.net"), TestContext.Current.CancellationToken);
        await scene.Store.AcceptAsync(scene.Message(200, "dave@example.com"), TestContext.Current.CancellationToken);
        var queue = new MailQueue(scene.Store, new HeldDomains(scene.Options, scene.Clock), scene.Arrivals);
        Assert.Equal([("bob@example.net", 0, null), ("carol@example.net", 0, null)], queue.List()[0].Recipients.Select(r => (r.Address, r.Attempts, r.Reason)));

        // Bob has it, Carol waits.
        var message = scene.Load(scene.Due().Single(entry => entry.Destination == "example.net"));
        var later = scene.Clock.GetUtcNow() + TimeSpan.FromMinutes(5);
        await scene.Store.SettleAsync(message,
        [
            new Settlement(message.Recipients[0].Key, RecipientState.Delivered, new RecipientOutcome(OutcomeKind.Delivered, StatusCodes.Ok, "Ok"), null, true),
            new Settlement(message.Recipients[1].Key, RecipientState.Waiting, NoAnswer, later, true),
        ]);
        var list = queue.List();
        Assert.Equal(2, list.Count);
        Assert.Equal(message.Id.Value, list[0].Id);
        Assert.Equal(100, list[0].Octets);
        var carol = Assert.Single(list[0].Recipients);
        Assert.Equal(("carol@example.net", 1, "No answer"), (carol.Address, carol.Attempts, carol.Reason));
        Assert.Equal(later.ToUnixTimeMilliseconds(), carol.NextAttemptAt!.Value.ToUnixTimeMilliseconds());
        Assert.Equal(list.Select(mail => mail.Id), SpoolLook.At(scene.Options.DataDirectory).Select(mail => mail.Id));

        Assert.DoesNotContain(scene.Due(), entry => entry.MessageKey == message.Key);
        Assert.Equal(1, await queue.TryNowAsync(TestContext.Current.CancellationToken));
        Assert.Contains(scene.Due(), entry => entry.MessageKey == message.Key);
        Assert.Equal(0, await queue.TryNowAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_spool_that_was_never_made_is_empty()
    {
        using var directory = new TempDirectory();
        Assert.Empty(SpoolLook.At(directory.Path));
        Assert.Empty(SpoolLook.At(directory.File("nothing")));
    }

    [Fact]
    public void A_file_that_is_no_spool_cannot_be_read()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("mta.db"), "this is no database at all");
        Assert.Throws<IOException>(() => SpoolLook.At(directory.Path));
    }
}
