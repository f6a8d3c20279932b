using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>STORE and UID STORE, with CONDSTORE and without.</summary>
public sealed class StoreTests
{
    [Fact]
    public async Task Sets_adds_and_removes_flags_and_tells_them()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2, MessageFlags.Draft);
        await using var client = await scene.SelectAsync();

        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Flagged \\Seen))"], await client.OkAsync("STORE 1 FLAGS (\\Seen \\Flagged)"));
        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Answered \\Flagged \\Seen))"], await client.OkAsync("STORE 1 +FLAGS \\Answered"));
        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Answered \\Flagged \\Seen))"], await client.OkAsync("STORE 1 +FLAGS (\\Answered)"));
        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Flagged))", "2 FETCH (UID 2 FLAGS (\\Draft))"], await client.OkAsync("UID STORE 1:9 -FLAGS \\Answered \\Seen"));
        Assert.Empty(await client.OkAsync("STORE 1:2 FLAGS.SILENT ()"));
        Assert.Equal(["1 FETCH (FLAGS ())", "2 FETCH (FLAGS ())"], await client.OkAsync("FETCH 1:2 FLAGS"));
        Assert.Empty(await client.OkAsync("STORE 1 +FLAGS.SILENT ()"));
    }

    [Fact]
    public async Task Keeps_keywords_and_tells_of_new_ones()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();

        Assert.Equal(
            [
                "FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded $Junk work)",
                "OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded $Junk work \\*)] They are kept.",
                "1 FETCH (UID 1 FLAGS (\\Seen $Forwarded $Junk work))",
            ],
            await client.OkAsync("STORE 1 FLAGS (work $Junk \\Seen $forwarded)"));
        Assert.Contains("1 FETCH (UID 1 FLAGS (\\Seen $Forwarded $Junk work))", await other.OkAsync("NOOP"));
        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Seen work))"], await client.OkAsync("STORE 1 -FLAGS ($JUNK $Forwarded)"));
        Assert.Empty(await client.OkAsync("STORE 2 +FLAGS.SILENT (WORK)"));
        Assert.Equal(["1 FETCH (FLAGS (\\Seen work))", "2 FETCH (FLAGS (WORK))"], await client.OkAsync("FETCH 1:2 FLAGS"));
        Assert.StartsWith("NO [LIMIT]", await client.NoAsync($"STORE 1 FLAGS ({string.Join(' ', Enumerable.Range(0, 101).Select(i => $"k{i}"))})"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_covers_what_the_client_did_and_not_what_others_did()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();
        await other.OkAsync("STORE 2 +FLAGS.SILENT (\\Seen)");

        Assert.Equal(["2 FETCH (UID 2 FLAGS (\\Flagged \\Seen))"], await client.OkAsync("STORE 1:3 +FLAGS.SILENT (\\Flagged)"));
        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Flagged))", "2 FETCH (UID 2 FLAGS (\\Flagged \\Seen))", "3 FETCH (UID 3 FLAGS (\\Flagged))"], await other.OkAsync("NOOP"));
    }

    [Fact]
    public async Task With_CONDSTORE_the_ModSeq_is_told_in_silence_too()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync("SELECT INBOX (CONDSTORE)");

        Assert.Equal(["1 FETCH (UID 1 MODSEQ (4))", "2 FETCH (UID 2 MODSEQ (4))"], await client.OkAsync("STORE 1:2 +FLAGS.SILENT (\\Seen)"));
        Assert.Equal(["1 FETCH (UID 1 FLAGS (\\Flagged \\Seen) MODSEQ (5))"], await client.OkAsync("STORE 1 +FLAGS (\\Flagged)"));
    }

    [Fact]
    public async Task What_others_changed_since_is_left_and_named()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();
        await other.OkAsync("STORE 2 +FLAGS.SILENT (\\Seen)");

        Assert.Equal(
            [
                "* OK [HIGHESTMODSEQ 4] From here on.",
                "* 1 FETCH (UID 1 MODSEQ (6))",
                "* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (5))",
                "* 3 FETCH (UID 3 MODSEQ (6))",
                "A3 OK [MODIFIED 2] Some were changed by others and left as they are.",
            ],
            await client.CommandAsync("STORE 1:3 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Deleted)"));
        Assert.Equal("OK [MODIFIED 1:3] Some were changed by others and left as they are.", await client.AnswerOkAsync("UID STORE 1:3 (UNCHANGEDSINCE 0) +FLAGS.SILENT (\\Draft)"));
        Assert.Equal("OK Stored.", await client.AnswerOkAsync("UID STORE 1:3 (UNCHANGEDSINCE 6) +FLAGS.SILENT (\\Draft)"));
    }

    [Fact]
    public async Task Messages_that_are_gone_are_missed_by_number_alone()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();
        await other.OkAsync("STORE 1 +FLAGS.SILENT (\\Deleted)");
        await other.OkAsync("EXPUNGE");

        Assert.Equal(["* 2 FETCH (UID 2 FLAGS (\\Seen))", "A3 NO [EXPUNGEISSUED] Some of those messages are gone."], await client.CommandAsync("STORE 1:2 +FLAGS (\\Seen)"));
        Assert.Equal(["2 FETCH (UID 2 FLAGS (\\Flagged \\Seen))", "1 EXPUNGE"], await client.OkAsync("UID STORE 1:2 +FLAGS (\\Flagged)"));
    }

    [Fact]
    public async Task What_is_no_change_is_BAD()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var client = await scene.SelectAsync();

        foreach (var wrong in (string[])["", " 1", " 1 FLAGS", " 1 *FLAGS (\\Seen)", " 1 FLAGS.LOUD ()", " 1 FLAGS (\\Nothing)", " 1 FLAGS (\\Seen", " 2 FLAGS ()", " 1 (UNCHANGEDSINCE) FLAGS ()", " 1 (UNCHANGEDSINCE 1 2) FLAGS ()", " 1 (SINCE 1) FLAGS ()"])
            await client.BadAsync("STORE" + wrong);
    }

    [Fact]
    public async Task A_message_that_was_not_told_yet_is_changed_where_its_UID_is_named()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        var client = await scene.SelectAsync();
        await scene.FillAsync(2);
        // Whoever says all means those it knows.
        Assert.DoesNotContain(await client.OkAsync("UID STORE 1:* +FLAGS (\\Seen)"), line => line.StartsWith("2 FETCH", StringComparison.Ordinal));
        await scene.FillAsync(1);
        var told = await client.OkAsync("UID STORE 4 +FLAGS (\\Flagged)");
        Assert.Equal("4 EXISTS", told[0]);
        Assert.Contains("4 FETCH (UID 4 FLAGS (\\Flagged))", told);
        Assert.Contains("2 FETCH (UID 2 FLAGS ())", await client.OkAsync("UID FETCH 2 (FLAGS)"));
    }
}
