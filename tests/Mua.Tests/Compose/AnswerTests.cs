using MailSuite.Mua.Compose;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mua.Tests.Compose;

public sealed class AnswerTests
{
    private const string Discussion = """
        From: Ann Lee <ann@example.net>
        To: Bob Ross <bob@example.org>, Dmitri <dmitri@example.com>
        Cc: carla@example.net, BOB@example.org
        Subject: Plans
        Message-ID: <m3@example.net>
        References: <m1@example.net> <m2@example.net>
        Date: Mon, 23 Nov 2026 09:30:00 +0100

        Shall we?
        > Old words.
        >
        > More.
        --$
        Ann
        """;

    [Fact]
    public async Task A_reply_goes_to_the_author_in_the_thread_with_the_text_quoted()
    {
        var draft = await BeginAsync(Discussion, DraftKind.Reply);

        Assert.Equal("\"Ann Lee\" <ann@example.net>", draft.To);
        Assert.Equal("", draft.Cc);
        Assert.Equal("Re: Plans", draft.Subject);
        Assert.Equal("m3@example.net", draft.InReplyTo);
        Assert.Equal(["m1@example.net", "m2@example.net", "m3@example.net"], draft.References);
        Assert.Equal("\n\nOn Mon, 23 Nov 2026 at 09:30, Ann Lee wrote:\n> Shall we?\n>> Old words.\n>>\n>> More.\n", draft.Text);
    }

    [Fact]
    public async Task A_reply_to_all_leaves_out_oneself_and_names_nobody_twice()
    {
        var draft = await BeginAsync(Discussion, DraftKind.ReplyAll);

        Assert.Equal("\"Ann Lee\" <ann@example.net>, \"Dmitri\" <dmitri@example.com>", draft.To);
        Assert.Equal("carla@example.net", draft.Cc);
    }

    [Fact]
    public async Task A_reply_goes_where_the_author_wants_it()
    {
        var draft = await BeginAsync(Samples.Simple.Replace("To: bob", "Reply-To: list@example.net\nTo: bob", StringComparison.Ordinal), DraftKind.Reply);
        Assert.Equal("list@example.net", draft.To);
    }

    [Fact]
    public async Task A_reply_to_a_message_of_ones_own_goes_to_whom_it_went()
    {
        var draft = await BeginAsync("From: bob@example.org\nTo: ann@example.net\nSubject: RE: x\n\ny", DraftKind.Reply);

        Assert.Equal("ann@example.net", draft.To);
        Assert.Equal("RE: x", draft.Subject);
    }

    [Fact]
    public async Task Long_threads_keep_their_first_and_their_last_ids()
    {
        var ids = Enumerable.Range(0, 200).Select(i => $"<{i}@example.net>");
        var draft = await BeginAsync($"From: a@example.net\nMessage-ID: <last@example.net>\nReferences: {string.Join("\n ", ids)}\n\nx", DraftKind.Reply);

        Assert.Equal(ComposeLimits.MaxReferences, draft.References.Count);
        Assert.Equal(("0@example.net", "last@example.net"), (draft.References[0], draft.References[^1]));
    }

    [Fact]
    public async Task A_forward_says_who_wrote_what_and_takes_the_attachments_along()
    {
        var draft = await BeginAsync(Samples.Newsletter, DraftKind.Forward);

        Assert.Equal("Fwd: News", draft.Subject);
        Assert.Equal("", draft.To);
        Assert.Contains("From: \"News\" <news@letters.example>\nSubject: News\nTo: bob@example.org\n\nThe plain form.", draft.Text, StringComparison.Ordinal);
        Assert.Equal([4], draft.Source!.Parts);
    }

    private static async Task<Draft> BeginAsync(string octets, DraftKind kind)
    {
        // A trailing blank in a source file does not survive editors.
        octets = octets.Replace("--$", "-- ", StringComparison.Ordinal);
        var mailboxes = new InMemoryMailboxes();
        var uid = mailboxes.Add(Samples.Bob.Id, InMemoryMailboxes.Inbox, octets);
        var stored = await mailboxes.OpenAsync(Samples.Bob.Id, InMemoryMailboxes.Inbox, uid, CancellationToken.None);
        using var message = await Samples.ReadAsync(octets);
        return Answer.To(Samples.Bob, new DeliveryId(Guid.NewGuid()), stored!, message, kind);
    }
}
