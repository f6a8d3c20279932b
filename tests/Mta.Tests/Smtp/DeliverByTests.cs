using MailSuite.Mta.Envelope;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What BY says to the server; what becomes of it stands in <c>Queue/DeadlineTests</c>.</summary>
public sealed class DeliverByTests
{
    [EhloKeyword("DELIVERBY")]
    [Theory]
    [InlineData("120;R", 120, true, false)]
    [InlineData("-5;NT", -5, false, true)]
    public async Task Turns_the_time_left_into_an_instant(string value, int seconds, bool returns, bool traces)
    {
        await using var scene = new SmtpScene(configure: DsnTests.Open);

        await scene.PlayAsync(Chunking.WholeTurn, DsnTests.Authenticated + $"""
            C: MAIL FROM:<alice@example.org> BY={value}
            S: 250 2.1.0 *
            C: RCPT TO:<a@there.example>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            C: Subject: x
            C:
            C: .
            S: 250 2.6.0 *
            """);

        Assert.Equal(new DeliverBy(scene.Clock.GetUtcNow().AddSeconds(seconds), returns, traces), Assert.Single(scene.Spool.Entries).Message.Requests.DeliverBy);
    }

    [Theory, EveryChunking]
    public Task Refuses_what_is_malformed_or_over_before_it_begins(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net> BY=120
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> BY
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> BY=0;R
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> BY=-1;R
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> BY=1;R BY=1;R
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> BY=0;N
        S: 250 2.1.0 *
        """);

    [EhloKeyword("DELIVERBY")]
    [Theory]
    [InlineData("00:00:59", "250 2.6.0 *", 1)]
    [InlineData("00:01:00", "554 5.4.7 *", 0)]
    public async Task Delivers_nothing_whose_time_has_run_out_while_it_was_sent(string wait, string reply, int delivered)
    {
        await using var scene = new SmtpScene();

        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<carol@example.net> BY=60;R
            S: 250 2.1.0 *
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            T: {wait}
            C: Subject: x
            C:
            C: .
            S: {reply}
            """);

        Assert.Equal(delivered, scene.Mailboxes.Of("alice@example.org").Count);
    }
}
