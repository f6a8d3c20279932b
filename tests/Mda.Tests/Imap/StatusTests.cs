using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

public sealed class StatusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_every_item_from_the_counters()
    {
        await using var scene = new ImapScene(options => options with { MaxMessageOctets = 123_456 });
        await using var client = await scene.SignInAsync();
        for (var i = 0; i < 3; i++)
            await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
        var account = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var inbox = await scene.Mda.MailboxAsync(account);
        await scene.Mda.Mailboxes.ChangeFlagsAsync(account.Id, inbox.Id, [new Uid(1)], MessageFlags.Seen | MessageFlags.Deleted, MessageFlags.None, Cancellation);
        inbox = await scene.Mda.MailboxAsync(account);
        var octets = (await scene.Mda.MessagesAsync(account)).Select(message => message.Octets).ToList();

        Assert.Equal(
            $"STATUS INBOX (MESSAGES 3 UIDNEXT 4 UIDVALIDITY {inbox.UidValidity} UNSEEN 2 DELETED 1 SIZE {octets.Sum()} HIGHESTMODSEQ {inbox.HighestModSeq} MAILBOXID (F{inbox.Id}) APPENDLIMIT 123456 DELETED-STORAGE {octets[^1]} RECENT 0)",
            Assert.Single(await client.OkAsync("STATUS inbox (MESSAGES UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE HIGHESTMODSEQ MAILBOXID APPENDLIMIT DELETED-STORAGE RECENT)")));
    }

    [Theory, EveryChunking]
    public Task Refuses_what_it_does_not_know(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a STATUS nothing (MESSAGES)
        S: a NO [NONEXISTENT] There is no such mailbox.
        C: b STATUS INBOX (MESSAGES X)
        S: b BAD The arguments are not those of this command.
        C: c STATUS INBOX ()
        S: c BAD The arguments are not those of this command.
        C: d STATUS INBOX MESSAGES
        S: d BAD The arguments are not those of this command.
        C: e STATUS INBOX (messages)
        S: * STATUS INBOX (MESSAGES 0)
        S: e OK That is all.
        """);

    [Fact]
    public async Task Needs_the_right_to_read()
    {
        await using var scene = new ImapScene();
        await using var ann = await scene.SignInAsync();
        await using var ben = await scene.SignInAsync("ben@example.org");
        const string Status = "STATUS \"Other Users/ann@example.org/INBOX\" (MESSAGES)";

        Assert.StartsWith("NO [NONEXISTENT]", await ben.NoAsync(Status), StringComparison.Ordinal);
        await ann.OkAsync("SETACL INBOX ben@example.org l");
        Assert.StartsWith("NO [NOPERM]", await ben.NoAsync(Status), StringComparison.Ordinal);
        await ann.OkAsync("SETACL INBOX ben@example.org +r");
        Assert.Equal(["STATUS \"Other Users/ann@example.org/INBOX\" (MESSAGES 0)"], await ben.OkAsync(Status));
    }
}
