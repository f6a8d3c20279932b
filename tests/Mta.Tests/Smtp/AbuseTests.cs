using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Nobody who has not authenticated sends through us to other hosts, in whatever clothes; and what we refuse we refuse in the session, and never send back.</summary>
public sealed class AbuseTests
{
    /// <summary>What open relays have fallen for.</summary>
    [Theory]
    [InlineData("user@elsewhere.example", "550 5.7.1 *")]
    [InlineData("postmaster@elsewhere.example", "550 5.7.1 *")]
    [InlineData("user%elsewhere.example@example.org", "550 5.1.1 *")]
    [InlineData("user%elsewhere.example%example.org@example.org", "550 5.1.1 *")]
    [InlineData("user%elsewhere.example", "501 5.1.3 *")]
    [InlineData("elsewhere.example!user@example.org", "550 5.1.1 *")]
    [InlineData("elsewhere.example!user", "501 5.1.3 *")]
    [InlineData("@example.org:user@elsewhere.example", "550 5.7.1 *")]
    [InlineData("@elsewhere.example,@example.org:user@elsewhere.example", "550 5.7.1 *")]
    [InlineData("@example.org:elsewhere.example!user@example.org", "550 5.1.1 *")]
    [InlineData("\"user@elsewhere.example\"@example.org", "550 5.1.1 *")]
    [InlineData("\"user%elsewhere.example\"@example.org", "550 5.1.1 *")]
    [InlineData("\"user@elsewhere.example\"", "501 5.1.3 *")]
    [InlineData("\"user\\@elsewhere.example\"@example.org", "550 5.1.1 *")]
    [InlineData("user@elsewhere.example@example.org", "501 5.1.3 *")]
    [InlineData("user@elsewhere.example@", "501 5.1.3 *")]
    [InlineData("user@[127.0.0.1]", "550 5.7.1 *")]
    [InlineData("user@[192.0.2.1]", "550 5.7.1 *")]
    [InlineData("user@[IPv6:::1]", "550 5.7.1 *")]
    [InlineData("user%elsewhere.example@[127.0.0.1]", "550 5.7.1 *")]
    [InlineData("user@localhost", "550 5.7.1 *")]
    [InlineData("user@elsewhere.example.example.org", "550 5.7.1 *")]
    [InlineData("user@example.org.elsewhere.example", "550 5.7.1 *")]
    [InlineData("alice@example.org,user@elsewhere.example", "501 5.1.3 *")]
    [InlineData("alice@example.org> <user@elsewhere.example", "501 5.5.4 *")]
    [InlineData("alice@example.org user@elsewhere.example", "501 5.1.3 *")]
    [InlineData("user@elsewhere.example.", "501 5.1.3 *")]
    [InlineData("user@elsewhere.example\\r\\n.", "501 5.1.3 *")]
    public async Task Relays_for_no_stranger(string recipient, string reply)
    {
        foreach (var sender in (string[])["carol@example.net", "alice@example.org", "postmaster@example.org", "user@localhost", "user@[127.0.0.1]", ""])
        {
            await using var scene = new SmtpScene();
            await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
                C: MAIL FROM:<{sender}>
                S: 250 *
                C: RCPT TO:<{recipient}>
                S: {reply}
                C: DATA
                S: 554 5.5.1 *
                """);
            Assert.Empty(scene.Spool.Entries);
            Assert.Empty(scene.Mailboxes.Deliveries);
        }
    }

    [Theory]
    [InlineData("C: RCPT TO:<nobody@example.org>", "S: 550 5.1.1 *")]
    [InlineData("C: RCPT TO:<full@example.org>", "S: 452 4.2.2 *")]
    [InlineData("C: RCPT TO:<user@elsewhere.example>", "S: 550 5.7.1 *")]
    public async Task Tells_at_RCPT_what_it_knows_by_then(string command, string reply)
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Verdicts["full@example.org"] = new RecipientVerdict.Unavailable(StatusCodes.MailboxFullForNow, "The mailbox is full");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"C: MAIL FROM:<carol@example.net>\nS: 250 *\n{command}\n{reply}\n");
        Assert.Empty(scene.Spool.Entries);
    }

    [Theory]
    [InlineData("Subject: x\\r\\n\\r\\n", "550 5.1.1 *", "gone")]
    [InlineData("Subject: x\\r\\n\\r\\n", "552 5.2.3 *", "large")]
    [InlineData("Subject: x\\r\\n\\r\\n", "452 4.2.2 *", "full")]
    [InlineData("Received: a\\r\\nReceived: b\\r\\n\\r\\n", "554 5.4.6 *", "alice")]
    [InlineData("Subject: \\0\\r\\n\\r\\n", "554 5.5.2 *", "alice")]
    public async Task Tells_after_the_dot_what_it_finds_only_then_and_sends_no_report(string message, string reply, string recipient)
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxReceivedFields = 1 }, mailboxes: new FakeMailboxes("alice@example.org", "gone@example.org", "large@example.org", "full@example.org"));
        scene.Mailboxes.Outcomes["gone@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.NoSuchMailbox, "The mailbox was removed");
        scene.Mailboxes.Outcomes["large@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MessageTooLargeForMailbox, "Larger than a mailbox may be");
        scene.Mailboxes.Outcomes["full@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "The mailbox is full");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<{recipient}@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C> {message}.\r\n
            S: {reply}
            """);
        Assert.Empty(scene.Spool.Entries);
    }
}
