using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>A program of this machine that speaks SMTP by <c>sendmail -bs</c>: the system has told who it is.</summary>
public sealed class LocalRoleTests
{
    [Theory, EveryChunking]
    public async Task Sends_anywhere_without_a_password(Chunking chunking)
    {
        await using var scene = new SmtpScene(SmtpRole.Local, options => options with { AllowPlaintextAuthentication = true, AuthenticateOnMx = true });
        await scene.PlayAsync(chunking, """
            S: 220 mx.example.org ESMTP MailSuite
            C: EHLO localhost
            S: (250-... !AUTH*)
            C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
            S: 502 5.5.1 *
            C: MAIL FROM:<alice@example.org>
            S: 250 2.1.0 *
            C: RCPT TO:<bob@example.org>
            S: 250 2.1.5 *
            C: RCPT TO:<eve@elsewhere.example>
            S: 250 2.1.5 *
            C: RCPT TO:<nobody@example.org>
            S: 550 5.1.1 *
            C: DATA
            S: 354 *
            C: Subject: hello
            C: .
            S: 250 2.6.0 *
            """);

        // As a submission it gets what it lacks (RFC 6409 §8).
        Assert.Contains("\r\nMessage-ID: <", Assert.Single(scene.Mailboxes.Of("bob@example.org")).Text, StringComparison.Ordinal);
        Assert.Equal("eve@elsewhere.example", Assert.Single(Assert.Single(scene.Spool.Entries).Message.Recipients).Address.ToString());
        var accepted = scene.Journeys.Events.Single(e => e.Step == JourneyStep.Accepted);
        Assert.Equal(MailRole.Msa, accepted.Role);
        Assert.Contains("it comes from a program of this machine", accepted.Reason, StringComparison.Ordinal);
    }
}
