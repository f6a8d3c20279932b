using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp.Catalogue;

/// <summary>Situations of the catalogue that no other test stands for.</summary>
public sealed class ReplyCodeTests
{
    [Catalogue("451")]
    [Catalogue("RCPT", 451)]
    [Fact]
    public async Task Reply_451_a_lookup_failed_and_the_client_is_to_try_again()
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Verdicts["alice@example.org"] = new RecipientVerdict.Unavailable(StatusCodes.SystemTemporary, "The directory cannot be read for now");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 451 4.3.0 *
            """);
    }

    [Catalogue("451")]
    [Catalogue("DATA", 451)]
    [Theory, EveryChunking]
    public async Task Reply_451_the_store_failed_and_nothing_was_kept(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Failure = new InvalidOperationException("the store is not there");
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: Subject: again
            C:
            C: .
            S: 451 4.3.0 *
            """);
        Assert.Empty(scene.Mailboxes.Of("alice@example.org"));
        Assert.Empty(scene.Spool.Entries);
    }

    [Catalogue("DATA", 550)]
    [Theory, EveryChunking]
    public async Task Reply_550_after_the_dot_when_the_only_mailbox_has_gone(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Outcomes["alice@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.NoSuchMailbox, "The mailbox was removed");
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: .
            S: 550 5.1.1 *
            """);
    }

    [Catalogue("RCPT", 553)]
    [Theory, EveryChunking]
    public Task Reply_553_an_address_beyond_ASCII_without_SMTPUTF8(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: RCPT TO:<jörg@example.org>
        S: 553 5.6.7 *
        """);
}
