using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>UIDONLY (RFC 9586): no sequence number is said or taken.</summary>
public sealed class UidOnlyTests
{
    [Fact]
    public async Task Messages_have_UIDs_alone()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3);
        await using var other = await scene.SelectAsync();
        await other.OkAsync("STORE 1 +FLAGS.SILENT (\\Deleted)");
        await other.OkAsync("EXPUNGE");
        await using var client = await scene.SelectAsync("SELECT INBOX", "ENABLE UIDONLY");

        Assert.Equal(["2 UIDFETCH (FLAGS ())"], await client.OkAsync("UID FETCH 2 FLAGS"));
        Assert.Equal(["2 UIDFETCH (UID 2 BODY[TEXT]<0> {4}\r\nGood FLAGS (\\Seen))"], await client.OkAsync("UID FETCH 2 (UID BODY[TEXT]<0.4>)"));
        Assert.Equal(["3 UIDFETCH (FLAGS (\\Deleted))"], await client.OkAsync("UID STORE 3 +FLAGS (\\Deleted)"));
        await other.OkAsync("STORE 1 +FLAGS.SILENT (\\Draft)");
        Assert.Equal(["2 UIDFETCH (FLAGS (\\Seen \\Draft))"], await client.OkAsync("NOOP"));
        Assert.Equal(["VANISHED 3"], await client.OkAsync("UID EXPUNGE 3"));
    }

    [Fact]
    public async Task Sequence_numbers_are_refused()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var client = await scene.SelectAsync("SELECT INBOX", "ENABLE UIDONLY");

        foreach (var command in (string[])["FETCH 1 FLAGS", "STORE 1 FLAGS ()", "COPY 1 Trash", "MOVE 1 Trash"])
            Assert.StartsWith("BAD [UIDREQUIRED]", await client.BadAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SELECT_tells_no_sequence_number()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        await using var client = await scene.SelectAsync();
        Assert.Contains(await client.OkAsync("SELECT INBOX"), line => line.Contains("[UNSEEN 1]", StringComparison.Ordinal));
        await client.OkAsync("ENABLE UIDONLY");
        Assert.DoesNotContain(await client.OkAsync("SELECT INBOX"), line => line.Contains("UNSEEN", StringComparison.Ordinal));
    }
}
