using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>SELECT, EXAMINE, CLOSE, UNSELECT, CHECK, and what a session that has a mailbox selected hears of others.</summary>
public sealed class SelectTests
{
    [Fact]
    public async Task Tells_a_client_of_IMAP4rev1_what_there_is()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1, MessageFlags.Seen);
        await scene.FillAsync(2);
        await using var client = await scene.Imap.SignInAsync();

        var told = await client.CommandAsync("SELECT inbox");

        Assert.Equal(
            [
                "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)",
                "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded \\*)] They are kept.",
                "* 3 EXISTS",
                "* 0 RECENT",
                "* OK [UNSEEN 2] The first that is unseen.",
            ],
            told.Take(5));
        Assert.Matches(@"^\* OK \[UIDVALIDITY [1-9][0-9]*\] ", told[5]);
        Assert.StartsWith("* OK [UIDNEXT 4] ", told[6], StringComparison.Ordinal);
        Assert.StartsWith("* OK [HIGHESTMODSEQ 4] ", told[7], StringComparison.Ordinal);
        Assert.Matches(@"^\* OK \[MAILBOXID \(F[1-9][0-9]*\)\] ", told[8]);
        Assert.Equal("A2 OK [READ-WRITE] Selected.", told[9]);
    }

    [Fact]
    public async Task Tells_a_client_of_IMAP4rev2_neither_RECENT_nor_UNSEEN_but_the_name()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var client = await scene.Imap.SignInAsync();
        await client.OkAsync("ENABLE IMAP4rev2");

        var told = await client.OkAsync("SELECT INBOX");

        Assert.DoesNotContain(told, line => line.Contains("RECENT", StringComparison.Ordinal) || line.Contains("UNSEEN", StringComparison.Ordinal));
        Assert.Contains("LIST () \"/\" INBOX", told);
        Assert.Contains("OK [CLOSED] The other mailbox is left.", await client.OkAsync("SELECT INBOX"));
    }

    [Fact]
    public async Task Examines_without_changing()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1, MessageFlags.Deleted);
        await using var client = await scene.Imap.SignInAsync();

        var told = await client.CommandAsync("EXAMINE INBOX");

        Assert.Contains("* OK [PERMANENTFLAGS ()] They are kept.", told);
        Assert.Equal("A2 OK [READ-ONLY] Selected.", told[^1]);
        foreach (var command in (string[])["STORE 1 +FLAGS (\\Seen)", "EXPUNGE", "UID EXPUNGE 1", "MOVE 1 Trash"])
            Assert.Equal("NO The mailbox is selected read-only.", await client.NoAsync(command));
        await client.OkAsync("COPY 1 Trash");
        await client.OkAsync("CLOSE");
        Assert.Contains("1 EXISTS", await client.OkAsync("SELECT INBOX"));
    }

    [Fact]
    public async Task What_is_not_there_is_refused_and_nothing_is_selected_then()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await using var client = await scene.SelectAsync();

        Assert.Equal(["* OK [CLOSED] The other mailbox is left.", "A3 NO [NONEXISTENT] There is no such mailbox."], await client.CommandAsync("SELECT Nowhere"));
        await client.BadAsync("FETCH 1 FLAGS");
        await client.OkAsync("SELECT INBOX");
        foreach (var wrong in (string[])["SELECT", "SELECT INBOX ()", "SELECT INBOX (CONDSTORE CONDSTORE)", "SELECT INBOX (NOSUCH)", "SELECT INBOX CONDSTORE", "SELECT INBOX (QRESYNC (1 1))", "UNSELECT x", "CLOSE x", "CHECK x"])
            await client.BadAsync(wrong);
        await client.OkAsync("CHECK");
    }

    [Fact]
    public async Task CLOSE_removes_what_is_deleted_and_tells_nothing_and_UNSELECT_leaves_it()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1, MessageFlags.Deleted);
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();

        Assert.Empty(await client.OkAsync("UNSELECT"));
        await client.BadAsync("UNSELECT");
        Assert.Contains("3 EXISTS", await client.OkAsync("SELECT INBOX"));
        Assert.Empty(await client.OkAsync("CLOSE"));
        Assert.Contains("2 EXISTS", await client.OkAsync("SELECT INBOX"));
    }

    [Fact]
    public async Task A_session_hears_what_others_did_when_it_may()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();
        await other.OkAsync("STORE 2 +FLAGS.SILENT (\\Deleted)");
        await other.OkAsync("STORE 3 +FLAGS.SILENT (\\Flagged)");
        await other.OkAsync("EXPUNGE");
        await scene.FillAsync(1);

        // By number nothing may move, and nothing may be added.
        Assert.Equal(["3 FETCH (UID 3 FLAGS (\\Flagged))", "1 FETCH (UID 1)"], await client.OkAsync("FETCH 1 UID"));
        Assert.Empty(await client.OkAsync("STORE 1 +FLAGS.SILENT (\\Seen)"));
        Assert.Equal(["2 EXPUNGE", "3 EXISTS"], await client.OkAsync("NOOP"));
        Assert.Equal(["3 FETCH (UID 4)"], await client.OkAsync("FETCH 3 UID"));
    }

    [Fact]
    public async Task A_session_that_idles_hears_it_at_once()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();
        var tag = await client.BeginAsync("IDLE");
        Assert.Equal("+ Idling.", await client.ReadAsync());

        await other.OkAsync("STORE 1 +FLAGS (\\Seen \\Deleted)");
        Assert.Equal("* 1 FETCH (UID 1 FLAGS (\\Deleted \\Seen))", await client.ReadAsync());
        await scene.FillAsync(1);
        Assert.Equal("* 2 EXISTS", await client.ReadAsync());
        await other.OkAsync("EXPUNGE");
        Assert.Equal("* 1 EXPUNGE", await client.ReadAsync());

        await client.SendAsync("DONE\r\n");
        await client.EndAsync(tag);
    }

    [Fact]
    public async Task A_session_whose_mailbox_is_deleted_hears_that_its_messages_went()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var other = await scene.SelectAsync();
        await other.OkAsync("CREATE Gone");
        await other.OkAsync("COPY 1:2 Gone");
        await using var client = await scene.SelectAsync("SELECT Gone");

        await other.OkAsync("DELETE Gone");

        Assert.Equal(["2 EXPUNGE", "1 EXPUNGE"], await client.OkAsync("NOOP"));
        Assert.Empty(await client.OkAsync("UID FETCH 1:* FLAGS"));
        await client.OkAsync("SELECT INBOX");
    }
}
