using MailSuite.Mda.Imap.Notifying;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>NOTIFY (RFC 5465): what is told while the client says nothing.</summary>
public sealed class NotifyTests
{
    private const string All = "(MessageNew MessageExpunge FlagChange)";

    [Fact]
    public async Task Mail_for_another_mailbox_is_told_as_STATUS_at_once()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        Assert.Equal("OK You will hear of it.", await client.AnswerOkAsync($"NOTIFY SET (inboxes {All})"));
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.Equal("* STATUS INBOX (MESSAGES 1 UIDNEXT 2", (await client.ReadAsync())!.Split(" UIDVALIDITY")[0]);
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.Equal("* STATUS INBOX (MESSAGES 2 UIDNEXT 3", (await client.ReadAsync())!.Split(" UIDVALIDITY")[0]);
        await client.OkAsync("NOOP");
    }

    [Fact]
    public async Task STATUS_asks_for_the_present_state_first()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await client.OkAsync("ENABLE CONDSTORE");
        var told = await client.OkAsync($"NOTIFY SET STATUS (mailboxes (INBOX Sent Nowhere) {All})");
        Assert.Equal(2, told.Count);
        Assert.Contains(told, line => line.StartsWith("STATUS INBOX (MESSAGES 1 UIDNEXT 2 ", StringComparison.Ordinal) && line.Contains(" UNSEEN 1 HIGHESTMODSEQ ", StringComparison.Ordinal));
        Assert.Contains(told, line => line.StartsWith("STATUS Sent (MESSAGES 0 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_of_flags_are_told_where_they_were_asked_for()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await client.OkAsync("CREATE Quiet");
        await client.OkAsync($"NOTIFY SET (mailboxes Quiet (MessageNew MessageExpunge)) (personal {All})");

        var other = await scene.SignInAsync();
        await other.OkAsync("SELECT INBOX");
        await other.OkAsync("COPY 1 Quiet");
        Assert.StartsWith("* STATUS Quiet (MESSAGES 1 ", await client.ReadAsync(), StringComparison.Ordinal);
        await other.OkAsync("STORE 1 +FLAGS (\\Seen)");
        Assert.Contains(" UNSEEN 0", await client.ReadAsync(), StringComparison.Ordinal);
        await other.OkAsync("SELECT Quiet");
        await other.OkAsync("STORE 1 +FLAGS (\\Answered)");
        await other.OkAsync("STORE 1 +FLAGS.SILENT (\\Deleted)");
        await other.OkAsync("EXPUNGE");
        // Of the flags nothing was told: the next is the expunge.
        Assert.StartsWith("* STATUS Quiet (MESSAGES 0 ", await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_selected_mailbox_is_told_of_at_once_with_what_was_asked_of_new_messages()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("NOTIFY SET (selected (MessageNew (FLAGS RFC822.SIZE) MessageExpunge FlagChange))");
        await client.OkAsync("SELECT INBOX");
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.Equal("* 1 EXISTS", await client.ReadAsync());
        Assert.StartsWith("* 1 FETCH (UID 1 FLAGS () RFC822.SIZE ", await client.ReadAsync(), StringComparison.Ordinal);

        var other = await scene.SignInAsync();
        await other.OkAsync("SELECT INBOX");
        await other.OkAsync("STORE 1 +FLAGS (\\Deleted)");
        Assert.StartsWith("* 1 FETCH (", await client.ReadAsync(), StringComparison.Ordinal);
        await other.OkAsync("EXPUNGE");
        Assert.Equal("* 1 EXPUNGE", await client.ReadAsync());
    }

    [Fact]
    public async Task Delayed_no_sequence_number_changes_until_a_command_allows_it()
    {
        await using var scene = new ImapScene();
        for (var i = 0; i < 2; i++)
            await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        var client = await scene.SignInAsync();
        await client.OkAsync("SELECT INBOX");
        await client.OkAsync($"NOTIFY SET (selected-delayed {All})");

        var other = await scene.SignInAsync();
        await other.OkAsync("SELECT INBOX");
        await other.OkAsync("STORE 1 +FLAGS (\\Deleted)");
        Assert.StartsWith("* 1 FETCH (", await client.ReadAsync(), StringComparison.Ordinal);
        await other.OkAsync("EXPUNGE");
        await other.OkAsync("STORE 1 +FLAGS (\\Flagged)");
        Assert.StartsWith("* 2 FETCH (", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("1 EXPUNGE", (await client.OkAsync("NOOP"))[0]);
    }

    [Fact]
    public async Task Without_a_group_for_it_the_selected_mailbox_is_told_of_beside_answers()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("SELECT INBOX");
        await client.OkAsync($"NOTIFY SET (mailboxes Sent {All})");
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.Equal("1 EXISTS", (await client.OkAsync("NOOP"))[0]);
    }

    [Fact]
    public async Task Names_and_subscriptions_are_told_as_LIST()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("NOTIFY SET (personal (MailboxName SubscriptionChange))");
        var other = await scene.SignInAsync();
        await other.OkAsync("CREATE Plans");
        Assert.Equal("* LIST () \"/\" Plans", await client.ReadAsync());
        await other.OkAsync("SUBSCRIBE Plans");
        Assert.Equal("* LIST (\\Subscribed) \"/\" Plans", await client.ReadAsync());
        await other.OkAsync("UNSUBSCRIBE Plans");
        Assert.Equal("* LIST () \"/\" Plans", await client.ReadAsync());
        await other.OkAsync("RENAME Plans Ideas");
        Assert.Equal("* LIST () \"/\" Ideas (\"OLDNAME\" (Plans))", await client.ReadAsync());
        await other.OkAsync("DELETE Ideas");
        Assert.Equal("* LIST (\\NonExistent) \"/\" Ideas", await client.ReadAsync());
    }

    [Fact]
    public async Task A_subtree_has_what_is_below_it_and_nothing_beside_it()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("CREATE Lists");
        await client.OkAsync("NOTIFY SET (subtree Lists (MailboxName))");
        var other = await scene.SignInAsync();
        await other.OkAsync("CREATE Listsandmore");
        await other.OkAsync("CREATE Lists/one");
        Assert.Equal("* LIST () \"/\" Lists/one", await client.ReadAsync());
    }

    [Fact]
    public async Task Names_of_annotations_are_told_and_not_their_values()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("NOTIFY SET (personal (MailboxMetadataChange))");
        var other = await scene.SignInAsync();
        await other.OkAsync("SETMETADATA INBOX (/shared/comment \"Ours\")");
        Assert.Equal("* METADATA INBOX /shared/comment", await client.ReadAsync());
    }

    [Fact]
    public async Task Private_annotations_are_told_to_whom_they_belong_and_not_to_the_owner_of_the_mailbox()
    {
        const string Inbox = "\"Other Users/ann@example.org/INBOX\"";
        await using var scene = new ImapScene();
        await using var ann = await scene.SignInAsync();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var other = await scene.SignInAsync("ben@example.org");
        await ann.OkAsync("SETACL INBOX ben@example.org lrw");
        await ann.OkAsync("NOTIFY SET (personal (MailboxMetadataChange))");
        await ben.OkAsync($"NOTIFY SET (mailboxes {Inbox} (MailboxMetadataChange))");

        await other.OkAsync($"SETMETADATA {Inbox} (/private/comment \"Mine\")");
        await other.OkAsync($"SETMETADATA {Inbox} (/shared/comment \"Ours\")");

        Assert.Equal("* METADATA INBOX /shared/comment", await ann.ReadAsync());
        Assert.Equal($"* METADATA {Inbox} /private/comment", await ben.ReadAsync());
    }

    [Fact]
    public async Task NONE_ends_it()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync($"NOTIFY SET (inboxes {All})");
        Assert.Equal("OK Nothing is told any more.", await client.AnswerOkAsync("NOTIFY NONE"));
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.Empty(await client.OkAsync("NOOP"));
    }

    [Fact]
    public async Task Through_IDLE_other_mailboxes_are_told_too()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("SELECT Sent");
        await client.OkAsync($"NOTIFY SET (inboxes {All})");
        var tag = await client.BeginAsync("IDLE");
        Assert.Equal("+ Idling.", await client.ReadAsync());
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.StartsWith("* STATUS INBOX (MESSAGES 1 ", await client.ReadAsync(), StringComparison.Ordinal);
        await client.SendAsync("DONE\r\n");
        Assert.Equal($"{tag} OK Done.", await client.ReadAsync());
    }

    [Fact]
    public void Beyond_a_thousand_it_is_too_much()
    {
        var pending = new PendingNotices();
        for (var i = 1; i <= PendingNotices.Max; i++)
            pending.Add(new Shared.Contracts.Mda.MailboxId(i));
        Assert.False(pending.Take(out _, out var touched));
        Assert.Equal(PendingNotices.Max, touched.Length);
        for (var i = 1; i <= PendingNotices.Max + 1; i++)
            pending.Add(new Shared.Contracts.Mda.MailboxId(i));
        Assert.True(pending.Take(out _, out _));
        Assert.True(pending.IsEmpty);
    }

    [Theory]
    [InlineData("NOTIFY SET (inboxes (AnnotationChange))", "NO [BADEVENT (MessageNew ")]
    [InlineData("NOTIFY SET (inboxes (MessageNew))", "BAD These events do not go together.")]
    [InlineData("NOTIFY SET (inboxes (FlagChange))", "BAD These events do not go together.")]
    [InlineData("NOTIFY SET (selected (MailboxName))", "BAD These events do not go together.")]
    [InlineData("NOTIFY SET (inboxes (MessageNew (UID) MessageExpunge))", "BAD These events do not go together.")]
    [InlineData("NOTIFY SET (selected NONE) (selected-delayed NONE)", "BAD These events do not go together.")]
    [InlineData("NOTIFY", "BAD The arguments")]
    [InlineData("NOTIFY SET", "BAD The arguments")]
    [InlineData("NOTIFY SET STATUS", "BAD The arguments")]
    [InlineData("NOTIFY SET (everything (MessageNew))", "BAD The arguments")]
    [InlineData("NOTIFY NONE x", "BAD The arguments")]
    public async Task What_makes_no_sense_is_refused(string command, string answer)
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        var responses = await client.CommandAsync(command);
        Assert.StartsWith(answer, responses[^1][(responses[^1].IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task News_in_the_middle_of_a_command_wait_for_its_end()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("NOTIFY SET (inboxes (MessageNew MessageExpunge))");
        // It is told after the first: when it has heard of the mail the other was woken.
        var witness = await scene.SignInAsync();
        await witness.OkAsync("NOTIFY SET (inboxes (MessageNew MessageExpunge))");
        var tag = await client.BeginAsync("LIST {0}");
        Assert.StartsWith("+ ", await client.ReadAsync(), StringComparison.Ordinal);
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.StartsWith("* STATUS INBOX ", await witness.ReadAsync(), StringComparison.Ordinal);
        await client.SendAsync(" INBOX\r\n");
        var told = await client.EndAsync(tag);
        Assert.StartsWith($"{tag} OK ", told[^1], StringComparison.Ordinal);
        Assert.Contains(told, line => line.StartsWith("* STATUS INBOX (MESSAGES 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task News_behind_the_literal_of_an_APPEND_wait_for_its_end()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("NOTIFY SET (inboxes (MessageNew MessageExpunge))");
        // It is told after the first: when it has heard of the mail the other was woken.
        var witness = await scene.SignInAsync();
        await witness.OkAsync("NOTIFY SET (inboxes (MessageNew MessageExpunge))");
        var tag = await client.BeginAsync("APPEND Sent {0}");
        Assert.StartsWith("+ ", await client.ReadAsync(), StringComparison.Ordinal);
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.StartsWith("* STATUS INBOX ", await witness.ReadAsync(), StringComparison.Ordinal);
        await client.SendAsync("\r\n");
        // The command is taken back by a literal of no octets; the session goes on.
        Assert.StartsWith($"{tag} NO ", (await client.EndAsync(tag))[^1], StringComparison.Ordinal);
        await client.OkAsync("NOOP");
    }

    [Fact]
    public async Task New_messages_that_a_command_told_by_itself_have_what_was_asked_for()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("NOTIFY SET (selected-delayed (MessageNew (FLAGS RFC822.SIZE) MessageExpunge FlagChange))");
        await client.OkAsync("SELECT INBOX");
        var tag = await client.BeginAsync("UID SEARCH SUBJECT {0}");
        Assert.StartsWith("+ ", await client.ReadAsync(), StringComparison.Ordinal);
        await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await client.SendAsync("\r\n");
        var told = await client.EndAsync(tag);
        Assert.Equal("* 1 EXISTS", told[0]);
        Assert.Single(told, line => line.StartsWith("* 1 FETCH (UID 1 FLAGS () RFC822.SIZE ", StringComparison.Ordinal));
        Assert.DoesNotContain(await client.OkAsync("NOOP"), line => line.Contains("FETCH", StringComparison.Ordinal));
    }
}
