using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>RFC 4314: SETACL, DELETEACL, GETACL, LISTRIGHTS, MYRIGHTS. An account is there once somebody has signed in.</summary>
public sealed class AclTests
{
    private const string Inbox = "\"Other Users/ann@example.org/INBOX\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sets_adds_takes_away_and_tells_rights()
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();

        await ann.OkAsync("SETACL INBOX Ben@example.org lrk");
        await ann.OkAsync("SETACL INBOX ben@example.org +st");
        await ann.OkAsync("SETACL INBOX ben@example.org -k");
        await ann.OkAsync("SETACL INBOX anyone l");
        await ann.OkAsync("SETACL INBOX -ben@example.org s");

        Assert.Equal(["ACL INBOX ann@example.org lrswipkxteacd -ben@example.org s anyone l ben@example.org lrstd"], await ann.OkAsync("GETACL INBOX"));
        Assert.Equal([$"MYRIGHTS {Inbox} lrtd"], await ben.OkAsync($"MYRIGHTS {Inbox}"));
        await ann.OkAsync("DELETEACL INBOX ben@example.org");
        Assert.Equal([$"MYRIGHTS {Inbox} l"], await ben.OkAsync($"MYRIGHTS {Inbox}"));
        await ann.OkAsync("SETACL INBOX anyone \"\"");
        Assert.Equal("NO [NONEXISTENT] There is no such mailbox.", await ben.NoAsync($"MYRIGHTS {Inbox}"));
        Assert.Equal(["ACL INBOX ann@example.org lrswipkxteacd -ben@example.org s"], await ann.OkAsync("GETACL INBOX"));
    }

    [Theory, EveryChunking]
    public Task Refuses_what_is_no_right_and_nobody(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a SETACL INBOX anyone lrz
        S: a BAD There is no such right.
        C: b SETACL INBOX anyone
        S: b BAD The arguments are not those of this command.
        C: c SETACL INBOX nobody@example.org lr
        S: c NO [CANNOT] There is no account nobody@example.org here.
        C: d SETACL INBOX ann@example.org lr
        S: d NO [CANNOT] The owner has all rights, always.
        C: e DELETEACL INBOX ann@example.org
        S: e NO [CANNOT] The owner has all rights, always.
        C: f SETACL nothing anyone lr
        S: f NO [NONEXISTENT] There is no such mailbox.
        C: g LISTRIGHTS INBOX anyone
        S: * LISTRIGHTS INBOX anyone "" l r s w i p k x t e a c d
        S: g OK That is all.
        C: h LISTRIGHTS INBOX ann@example.org
        S: * LISTRIGHTS INBOX ann@example.org lrswipkxteacd
        S: h OK That is all.
        C: i LISTRIGHTS INBOX nobody
        S: i NO [CANNOT] That is neither an address nor anyone.
        C: j MYRIGHTS INBOX
        S: * MYRIGHTS INBOX lrswipkxteacd
        S: j OK That is all.
        C: k GETACL
        S: k BAD The arguments are not those of this command.
        """);

    [Fact]
    public async Task Needs_the_right_to_administer()
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        await ann.OkAsync("SETACL INBOX ben@example.org lr");
        string[] commands = [$"SETACL {Inbox} anyone lr", $"DELETEACL {Inbox} anyone", $"GETACL {Inbox}", $"LISTRIGHTS {Inbox} anyone"];

        foreach (var command in commands)
            Assert.StartsWith("NO [NOPERM]", await ben.NoAsync(command), StringComparison.Ordinal);
        await ann.OkAsync("SETACL INBOX ben@example.org +a");
        foreach (var command in commands)
            await ben.OkAsync(command);
    }

    [Fact]
    public async Task Has_500_entries_at_most()
    {
        await using var scene = new ImapScene();
        await using var ann = await scene.SignInAsync();
        await using var ben = await scene.SignInAsync("ben@example.org");
        var account = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var inbox = await scene.Mda.MailboxAsync(account);
        await scene.Mda.Store.WriteAsync(
            turn =>
            {
                for (var i = 0; i < AccessList.MaxEntries - 1; i++)
                    AccessStatements.Set(turn, inbox.Id, new AccessEntry($"u{i}@example.org", MailboxRights.Read));
                return 0;
            },
            takesSpace: true,
            Cancellation);

        await ann.OkAsync("SETACL INBOX anyone lr");
        Assert.Equal("NO [LIMIT] An access list has at most 500 entries.", await ann.NoAsync("SETACL INBOX ben@example.org lr"));
        await ann.OkAsync("SETACL INBOX anyone +s");
    }
}
