namespace MailSuite.Mda.Tests.Imap;

/// <summary>What somebody may do with the messages of another's mailbox (RFC 4314 §4), command by command.</summary>
public sealed class SharedMailboxTests
{
    private const string Inbox = "\"Other Users/ann@example.org/INBOX\"";

    [Fact]
    public async Task Whom_nobody_lets_in_selects_nothing()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await using var ben = await scene.Imap.SignInAsync("ben@example.org");
        await using var ann = await scene.Imap.SignInAsync();

        Assert.Equal("NO [NONEXISTENT] There is no such mailbox.", await ben.NoAsync($"SELECT {Inbox}"));
        await ann.OkAsync("SETACL INBOX ben@example.org l");
        Assert.Equal("NO [NOPERM] You have no right to do that here.", await ben.NoAsync($"SELECT {Inbox}"));
    }

    [Fact]
    public async Task Who_may_only_read_changes_nothing()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var ben = await scene.Imap.SignInAsync("ben@example.org");
        await using var ann = await scene.SelectAsync();
        await ann.OkAsync("SETACL INBOX ben@example.org lr");

        var told = await ben.CommandAsync($"SELECT {Inbox}");
        Assert.Contains("* OK [PERMANENTFLAGS ()] They are kept.", told);
        Assert.Equal("A2 OK [READ-ONLY] Selected.", told[^1]);
        Assert.Equal(["1 FETCH (BODY[TEXT] {15}\r\nGood morning.\r\n)"], await ben.OkAsync("FETCH 1 BODY[TEXT]"));
        await ben.NoAsync("STORE 1 +FLAGS (\\Seen)");
        await ben.OkAsync("COPY 1 INBOX");
        Assert.Equal("NO [NOPERM] You have no right to do that here.", await ben.NoAsync($"COPY 1 {Inbox}"));
        Assert.Equal(["1 FETCH (FLAGS ())"], await ann.OkAsync("FETCH 1 FLAGS"));
    }

    [Fact]
    public async Task Each_flag_has_its_right_and_the_others_stay()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var ben = await scene.Imap.SignInAsync("ben@example.org");
        await using var ann = await scene.SelectAsync();
        await ann.OkAsync("STORE 1 +FLAGS.SILENT (\\Answered work)");
        await ann.OkAsync("SETACL INBOX ben@example.org lrs");

        Assert.Contains("OK [PERMANENTFLAGS (\\Seen)] They are kept.", await ben.OkAsync($"SELECT {Inbox}"));
        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Answered \\Seen work))"], await ben.OkAsync("STORE 1 FLAGS (\\Seen \\Flagged \\Deleted other)"));
        Assert.Equal("NO [NOPERM] You have no right to do that here.", await ben.NoAsync("STORE 1 +FLAGS (\\Deleted)"));
        Assert.Equal("NO [NOPERM] You have no right to do that here.", await ben.NoAsync("STORE 1 -FLAGS (work)"));
        await ann.OkAsync("SETACL INBOX ben@example.org lrw");
        Assert.Contains("OK [PERMANENTFLAGS (\\Answered \\Flagged \\Draft $Forwarded work \\*)] They are kept.", await ben.OkAsync($"SELECT {Inbox}"));
        Assert.Contains("1 FETCH (UID 1 FLAGS (\\Flagged \\Seen other))", await ben.OkAsync("STORE 1 FLAGS (\\Flagged other)"));
        await ben.OkAsync("FETCH 1 BODY[]");
    }

    [Fact]
    public async Task Who_may_not_expunge_does_not_by_any_way()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var ben = await scene.Imap.SignInAsync("ben@example.org");
        await using var ann = await scene.SelectAsync();
        await ann.OkAsync("SETACL INBOX ben@example.org lrt");
        await ben.OkAsync($"SELECT {Inbox}");
        await ben.OkAsync("STORE 1 +FLAGS (\\Deleted)");

        foreach (var command in (string[])["EXPUNGE", "UID EXPUNGE 1", "MOVE 1 INBOX", "UID MOVE 1 INBOX"])
            Assert.Equal("NO [NOPERM] You have no right to do that here.", await ben.NoAsync(command));
        await ben.OkAsync("CLOSE");
        Assert.Equal(["1 FETCH (FLAGS (\\Deleted))"], (await ann.OkAsync("UID FETCH 1 FLAGS")).TakeLast(1).Select(line => line.Replace("UID 1 ", string.Empty, StringComparison.Ordinal)));
        await ann.OkAsync("SETACL INBOX ben@example.org lrte");
        await ben.OkAsync($"SELECT {Inbox}");
        Assert.Equal(["1 EXPUNGE"], await ben.OkAsync("EXPUNGE"));
        await ben.OkAsync("MOVE 1 INBOX");
        Assert.Equal(["2 EXPUNGE", "1 EXPUNGE"], await ann.OkAsync("NOOP"));
    }
}
