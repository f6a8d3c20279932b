using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>The first example of RFC 821 (§3.1): Smith at Alpha.ARPA sends to Jones, Green and Brown at Beta.ARPA, where Green has no mailbox.</summary>
public sealed class Rfc821ExampleTests
{
    [Theory, EveryChunking]
    public async Task Jones_and_Brown_get_the_mail_and_Smith_hears_that_Green_does_not(Chunking chunking)
    {
        await using var scene = new SmtpScene(mailboxes: new FakeMailboxes("Jones@Beta.ARPA", "Brown@Beta.ARPA"));
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: HELO Alpha.ARPA
            S: 250 *
            C: MAIL FROM:<Smith@Alpha.ARPA>
            S: 250 *
            C: RCPT TO:<Jones@Beta.ARPA>
            S: 250 *
            C: RCPT TO:<Green@Beta.ARPA>
            S: 550 *
            C: RCPT TO:<Brown@Beta.ARPA>
            S: 250 *
            C: DATA
            S: 354 *
            C: Blah blah blah...
            C: ...etc. etc. etc.
            C: .
            S: 250 *
            C: QUIT
            S: 221 *
            S: (closed)
            """);
        Assert.Contains("with SMTP id", scene.Mailboxes.Of("Jones@Beta.ARPA").Single().Text, StringComparison.Ordinal);
        Assert.EndsWith("Blah blah blah...\r\n..etc. etc. etc.\r\n", scene.Mailboxes.Of("Brown@Beta.ARPA").Single().Text, StringComparison.Ordinal);
        Assert.Empty(scene.Mailboxes.Of("Green@Beta.ARPA"));
    }
}
