using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class MailTests
{
    [Catalogue("MAIL", 250)]
    [Theory, EveryChunking]
    public async Task Takes_a_sender_and_the_null_sender(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            S: 250 2.1.0 *
            C: RSET
            S: 250 2.0.0 *
            C: mail from: <>
            S: 250 2.1.0 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.True(scene.Mailboxes.Of("alice@example.org").Single().ReversePath.IsNull);
    }

    [Catalogue("501")]
    [Catalogue("553")]
    [Catalogue("555")]
    [Catalogue("MAIL", 501, 552, 553, 555)]
    [Theory]
    [InlineData("MAIL", "501 5.1.7")]
    [InlineData("MAIL FROM:", "501 5.1.7")]
    [InlineData("MAIL FROM:carol@example.net", "501 5.1.7")]
    [InlineData("MAIL FROM:<carol>", "501 5.1.7")]
    [InlineData("MAIL FROM:<carol@example..net>", "501 5.1.7")]
    [InlineData("MAIL TO:<carol@example.net>", "501 5.1.7")]
    [InlineData("MAIL FROM:<carol@example.net>SIZE=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> SIZE=1 size=2", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> =1", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> SIZE=", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> SIZE=abc", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> SIZE=-1", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> SIZE=123456789012345678901", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> SIZE=99999999999999999999", "552 5.3.4")]
    [InlineData("MAIL FROM:<carol@example.net> BODY=BINARYMIME", "250 2.1.0")]
    [InlineData("MAIL FROM:<carol@example.net> BODY=BINARY", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> BODY", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> SMTPUTF8=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> AUTH", "501 5.5.4")]
    [InlineData("MAIL FROM:<carol@example.net> COLOUR=BLUE", "555 5.5.4")]
    [InlineData("MAIL FROM:<jörg@example.net>", "553 5.6.7")]
    [InlineData("MAIL FROM:<carol@bücher.example>", "553 5.6.7")]
    [InlineData("MAIL FROM:<carol@example.net> SIZE=1000 BODY=8BITMIME SMTPUTF8 AUTH=<>", "250 2.1.0")]
    [InlineData("MAIL FROM:<carol@example.net> body=7bit smtputf8", "250 2.1.0")]
    [InlineData("MAIL FROM:<jörg@bücher.example> SMTPUTF8", "250 2.1.0")]
    public Task Judges_path_and_parameters(string command, string reply) => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
        C: {command}
        S: {reply} *
        """);

    [EhloKeyword("SIZE")]
    [Catalogue("552")]
    [Fact]
    public Task Takes_a_declared_size_at_the_limit_and_refuses_one_octet_more() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net> SIZE=5001
        S: 552 5.3.4 *
        C: MAIL FROM:<carol@example.net> SIZE=5000
        S: 250 2.1.0 *
        """, configure: options => options with { MaxMessageOctets = 5000 });

    [EhloKeyword("SMTPUTF8")]
    [EhloKeyword("8BITMIME")]
    [Fact]
    public async Task Keeps_what_the_parameters_said()
    {
        await using var scene = new SmtpScene(configure: options => options with { AllowPlaintextAuthentication = true, SubmissionOwnership = false }, role: SmtpRole.Submission);
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
            C: MAIL FROM:<älice@example.org> SMTPUTF8 BODY=8BITMIME
            S: 250 2.1.0 *
            C: RCPT TO:<jörg@bücher.example>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            C: .
            S: 250 2.6.0 *
            """);
        var message = scene.Spool.Entries.Single().Message;
        Assert.Equal(BodyType.EightBitMime, message.Body);
        Assert.True(message.SmtpUtf8);
        Assert.Equal("jörg@xn--bcher-kva.example", message.Recipients.Single().Address.ToString());
        Assert.Contains("with UTF8SMTPA id", scene.Spool.Entries.Single().Text, StringComparison.Ordinal);
    }

    [Catalogue("452")]
    [Catalogue("MAIL", 452)]
    [Fact]
    public Task Says_that_the_disk_is_full_before_the_message_is_sent() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net>
        S: 452 4.3.1 *
        """, configure: options => options with { MinFreeOctets = long.MaxValue / 2 });

    [Catalogue("530")]
    [Catalogue("MAIL", 530)]
    [Fact]
    public Task Wants_authentication_for_submission() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
        C: MAIL FROM:<alice@example.org>
        S: 530 5.7.0 *
        """, SmtpRole.Submission);

    [Fact]
    public Task Allows_no_second_MAIL_in_a_transaction() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
        C: MAIL FROM:<dave@example.net>
        S: 503 5.5.1 *
        C: DATA
        S: 354 *
        C: .
        S: 250 2.6.0 *
        """);
}
