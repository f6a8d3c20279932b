using MailSuite.Mda.Search;
using MailSuite.Mda.Tests.Search.Evaluation;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Search;

public sealed class SearchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("REPORT", null, null, "Weekly report")]
    [InlineData("jurgen", null, null, "Grüße aus Bern")]
    [InlineData("JÜRGEN bern", null, null, "Grüße aus Bern")]
    [InlineData("gruße", null, null, "Grüße aus Bern")]
    [InlineData("ann@example.org weekly", null, null, "Weekly report")]
    [InlineData(null, "weekly", null, "Weekly report")]
    [InlineData(null, null, "bob@", "Weekly report")]
    [InlineData("%", null, null, "100% sure")]
    [InlineData(null, "jurgen", null, "")]
    [InlineData("' OR 1=1 --", null, null, "")]
    [InlineData(null, null, null, "100% sure|Grüße aus Bern|Weekly report")]
    [InlineData("moped", null, null, "100% sure")]
    [InlineData("MÖPED sure", null, null, "100% sure")]
    [InlineData("会議", null, null, "100% sure")]
    [InlineData("議", null, null, "100% sure")]
    [InlineData("od mor", null, null, "Grüße aus Bern|Weekly report")]
    [InlineData(null, "moped", null, "")]
    [InlineData(null, null, "moped", "")]
    [InlineData("message-id", null, null, "")]
    public async Task Finds_words_in_subject_people_and_text_newest_first_indexed_or_not(string? text, string? subject, string? from, string found)
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.DeliverAsync(MdaScene.Message("Weekly report"), "ann@example.org");
        await scene.DeliverAsync(MdaScene.Message("Grüße aus Bern", from: "Jürgen <j@example.ch>"), "ann@example.org");
        await scene.DeliverAsync(MdaScene.Message("100% sure", "Content-Type: möped 会議", from: "c@example.net"), "ann@example.org");

        var messages = await scene.Mailboxes.SearchAsync(ann.Id, new MessageSearch(text, subject, from, null), 10, Cancellation);

        Assert.Equal(found, string.Join('|', messages.Select(message => message.Subject)));
        await SearchEvaluationTests.IndexAsync(scene);
        messages = await scene.Mailboxes.SearchAsync(ann.Id, new MessageSearch(text, subject, from, null), 10, Cancellation);
        Assert.Equal(found, string.Join('|', messages.Select(message => message.Subject)));
    }

    [Fact]
    public async Task Looks_into_one_mailbox_when_asked_and_keeps_to_the_limit()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        for (var i = 0; i < 5; i++)
            await scene.DeliverAsync(MdaScene.Message($"{i}"), "ann@example.org");
        var inbox = (await scene.MailboxAsync(ann)).Id;
        var trash = (await scene.MailboxAsync(ann, SpecialUse.Trash)).Id;
        await scene.Mailboxes.MoveAsync(ann.Id, inbox, [new Uid(5)], trash, Cancellation);

        Assert.Equal("4", Assert.Single(await scene.Mailboxes.SearchAsync(ann.Id, new MessageSearch("bob", null, null, trash), 10, Cancellation)).Subject);
        Assert.Equal(2, (await scene.Mailboxes.SearchAsync(ann.Id, new MessageSearch("bob", null, null, null), 2, Cancellation)).Count);
    }

    [Fact]
    public async Task Bears_a_query_of_any_length()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");

        Assert.Empty(await scene.Mailboxes.SearchAsync(ann.Id, new MessageSearch(string.Join(' ', Enumerable.Range(0, 10_000)), new string('x', 100_000), "\ud800", null), 10, Cancellation));
    }

    [Fact]
    public void Folds_case_accents_and_compatibility_forms() => Assert.Equal("istanbul uber fi 1", SearchKey.Of("İSTANBUL ÜBER ﬁ ①"));
}
