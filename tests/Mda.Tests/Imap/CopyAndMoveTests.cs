using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>COPY, MOVE, EXPUNGE and their forms with UIDs.</summary>
public sealed class CopyAndMoveTests
{
    [Fact]
    public async Task Copies_with_flags_and_dates_and_says_which_UIDs_they_got()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3, MessageFlags.Flagged);
        await using var client = await scene.SelectAsync();

        Assert.Matches(@"^OK \[COPYUID [0-9]+ 1,3 1:2\] Copied\.$", await client.AnswerOkAsync("COPY 1,3 Trash"));
        Assert.Matches(@"^OK \[COPYUID [0-9]+ 2:3 3:4\] Copied\.$", await client.AnswerOkAsync("UID COPY 2:7 Trash"));
        Assert.Equal("OK There was nothing to copy.", await client.AnswerOkAsync("UID COPY 7:8 Trash"));
        Assert.Equal(["4 EXISTS"], await client.OkAsync("UID COPY 1 INBOX"));
        await client.OkAsync("SELECT Trash");
        Assert.Equal(["1 FETCH (FLAGS (\\Flagged) EMAILID (M1))", "2 FETCH (FLAGS (\\Flagged) EMAILID (M3))"], await client.OkAsync("FETCH 1:2 (FLAGS EMAILID)"));
    }

    [Fact]
    public async Task Moves_and_tells_where_they_went_before_they_go()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(4);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();

        var told = await client.CommandAsync("MOVE 2:3 Trash");
        Assert.Matches(@"^\* OK \[COPYUID [0-9]+ 2:3 1:2\] Moved\.$", told[0]);
        Assert.Equal(["* 3 EXPUNGE", "* 2 EXPUNGE", "A3 OK Moved."], told.Skip(1));
        Assert.Equal(["3 EXPUNGE", "2 EXPUNGE"], await other.OkAsync("NOOP"));
        Assert.Matches(@"^OK \[COPYUID [0-9]+ 4 3\] Moved\.$", (await client.OkAsync("UID MOVE 2:4 Trash"))[0]);
        Assert.Equal("OK There was nothing to move.", await client.AnswerOkAsync("UID MOVE 2:4 Trash"));
    }

    [Fact]
    public async Task Goes_nowhere_where_there_is_no_mailbox_no_message_or_no_room()
    {
        await using var scene = await MailboxScene.CreateAsync(options => options with { QuotaOctets = 400 });
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();

        foreach (var command in (string[])["COPY", "MOVE", "UID COPY", "UID MOVE"])
        {
            Assert.StartsWith("NO [TRYCREATE]", await client.NoAsync(command + " 1 Nowhere"), StringComparison.Ordinal);
            await client.BadAsync(command + " 1");
            await client.BadAsync(command + " 1 Trash x");
        }

        await client.BadAsync("COPY 3 Trash");
        await client.BadAsync("MOVE 3 Trash");
        Assert.StartsWith("NO [OVERQUOTA]", await client.NoAsync("COPY 1:2 Trash"), StringComparison.Ordinal);
        Assert.Contains("0 EXISTS", await client.OkAsync("SELECT Trash"));
    }

    [Fact]
    public async Task A_message_that_is_gone_is_neither_copied_nor_moved()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();
        await using var other = await scene.SelectAsync();
        await other.OkAsync("STORE 1 +FLAGS.SILENT (\\Deleted)");
        await other.OkAsync("EXPUNGE");
        await client.OkAsync("FETCH 2 FLAGS");

        Assert.Equal(["* 1 EXPUNGE", "A4 NO [EXPUNGEISSUED] Some of those messages are gone."], await client.CommandAsync("COPY 1:2 Trash"));
    }

    [Fact]
    public async Task Expunges_what_is_deleted_and_by_UID_only_what_is_named()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(6);
        await using var client = await scene.SelectAsync();
        await client.OkAsync("STORE 1,3,4,6 +FLAGS.SILENT (\\Deleted)");

        Assert.Equal(["4 EXPUNGE"], await client.OkAsync("UID EXPUNGE 4:5"));
        Assert.Equal(["5 EXPUNGE", "3 EXPUNGE", "1 EXPUNGE"], await client.OkAsync("EXPUNGE"));
        Assert.Empty(await client.OkAsync("EXPUNGE"));
        Assert.Equal(["1 FETCH (UID 2)", "2 FETCH (UID 5)"], await client.OkAsync("FETCH 1:* UID"));
        await client.BadAsync("EXPUNGE x");
        await client.BadAsync("UID EXPUNGE");
    }

    [Fact]
    public async Task A_message_that_was_not_told_yet_goes_where_its_UID_is_named()
    {
        await using var scene = await MailboxScene.CreateAsync();
        var client = await scene.SelectAsync();
        await scene.FillAsync(1);
        Assert.Contains("COPYUID", await client.AnswerOkAsync("UID COPY 1 Sent"), StringComparison.Ordinal);
        await scene.FillAsync(1);
        var moved = await client.OkAsync("UID MOVE 2 Sent");
        Assert.Equal("2 EXISTS", moved[0]);
        Assert.Equal("2 EXPUNGE", moved[^1]);
    }
}
