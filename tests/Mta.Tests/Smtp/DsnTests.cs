using MailSuite.Mta.Envelope;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What the parameters of RFC 3461 say to the server; what becomes of it stands in <c>Queue/NotificationTests</c>.</summary>
public sealed class DsnTests
{
    [EhloKeyword("DSN")]
    [Theory, EveryChunking]
    public async Task Takes_what_the_sender_wants_to_be_told(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: Open);

        await scene.PlayAsync(chunking, Authenticated + """
            C: MAIL FROM:<alice@example.org> RET=HDRS ENVID=QQ+2B314159
            S: 250 2.1.0 *
            C: RCPT TO:<a@there.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;old+2Ba@there.example
            S: 250 2.1.5 *
            C: RCPT TO:<b@there.example> NOTIFY=NEVER
            S: 250 2.1.5 *
            C: RCPT TO:<c@there.example>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            C: Subject: x
            C:
            C: .
            S: 250 2.6.0 *
            """);

        var message = Assert.Single(scene.Spool.Entries).Message;
        Assert.Equal(new MailRequests { Return = ReturnContent.Headers, EnvelopeId = "QQ+314159" }, message.Requests);
        Assert.Equal([Notify.Success | Notify.Delay, Notify.Never, Notify.Unspecified], message.Recipients.Select(recipient => recipient.Recipient.Notify));
        Assert.Equal([new OriginalRecipient("rfc822", "old+a@there.example"), null, null], message.Recipients.Select(recipient => recipient.Recipient.OriginalRecipient));
    }

    [Theory, EveryChunking]
    public Task Refuses_what_is_malformed_or_said_twice(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net> RET=ALL
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> RET
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> RET=FULL RET=FULL
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> ENVID=a+0A
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> ENVID
        S: 501 5.5.4 *
        C: MAIL FROM:<carol@example.net> NOTIFY=NEVER
        S: 555 5.5.4 *
        C: MAIL FROM:<carol@example.net>
        S: 250 2.1.0 *
        C: RCPT TO:<alice@example.org> NOTIFY=NEVER,SUCCESS
        S: 501 5.5.4 *
        C: RCPT TO:<alice@example.org> NOTIFY
        S: 501 5.5.4 *
        C: RCPT TO:<alice@example.org> NOTIFY=DELAY NOTIFY=DELAY
        S: 501 5.5.4 *
        C: RCPT TO:<alice@example.org> ORCPT=alice@example.org
        S: 501 5.5.4 *
        C: RCPT TO:<alice@example.org> ORCPT
        S: 501 5.5.4 *
        C: RCPT TO:<alice@example.org> RET=FULL
        S: 555 5.5.4 *
        C: RCPT TO:<alice@example.org> NOTIFY=DELAY ORCPT=rfc822;alice@example.org
        S: 250 2.1.5 *
        """);

    [Theory, EveryChunking]
    public Task Takes_an_original_recipient_beyond_ASCII_as_it_is_only_with_SMTPUTF8(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net>
        S: 250 2.1.0 *
        C: RCPT TO:<alice@example.org> ORCPT=utf-8;dör@example.org
        S: 501 5.5.4 *
        C: RCPT TO:<alice@example.org> ORCPT=utf-8;d\x{F6}r@example.org
        S: 250 2.1.5 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<carol@example.net> SMTPUTF8
        S: 250 2.1.0 *
        C: RCPT TO:<alice@example.org> ORCPT=utf-8;dör@example.org
        S: 250 2.1.5 *
        """);

    [Fact]
    public async Task Is_not_offered_to_strangers_where_that_is_turned_off()
    {
        await SmtpScene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: EHLO client.example.net
            S: (250-... !DSN)
            C: MAIL FROM:<carol@example.net> RET=HDRS
            S: 555 5.5.4 *
            C: MAIL FROM:<carol@example.net>
            S: 250 2.1.0 *
            C: RCPT TO:<alice@example.org> NOTIFY=SUCCESS
            S: 555 5.5.4 *
            """, configure: options => options with { DsnForStrangers = false });

        await using var scene = new SmtpScene(configure: options => Open(options) with { DsnForStrangers = false });
        await scene.PlayAsync(Chunking.WholeTurn, Authenticated + """
            C: EHLO client.example.net
            S: (250-... DSN)
            """);
    }

    [Fact]
    public Task Is_not_offered_over_LMTP_where_the_client_tells_its_sender() => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        S: 220 *
        C: LHLO client.example.net
        S: (250-... !DSN, !FUTURERELEASE*)
        C: MAIL FROM:<carol@example.net> HOLDFOR=60
        S: 555 5.5.4 *
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: RCPT TO:<alice@example.org> NOTIFY=SUCCESS
        S: 555 5.5.4 *
        """, SmtpRole.Lmtp);

    internal const string Authenticated = """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... AUTH*)
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==
        S: 235 *

        """;

    internal static MtaOptions Open(MtaOptions options) => options with { AllowPlaintextAuthentication = true, AuthenticateOnMx = true };
}
