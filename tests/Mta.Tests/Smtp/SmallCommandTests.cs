using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>The commands that have little to say: RSET, NOOP, HELP, QUIT, and those that are not offered.</summary>
public sealed class SmallCommandTests
{
    [Catalogue("RSET", 250, 501)]
    [Theory, EveryChunking]
    public Task RSET_forgets_the_transaction_and_keeps_the_greeting(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Addressed + """
        C: RSET
        S: 250 2.0.0 *
        C: DATA
        S: 503 5.5.1 *
        C: MAIL FROM:<carol@example.net>
        S: 250 2.1.0 *
        C: RSET all
        S: 501 5.5.4 *
        """);

    [Catalogue("NOOP", 250)]
    [Theory, EveryChunking]
    public Task NOOP_does_nothing_with_and_without_a_string(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Addressed + """
        C: NOOP
        S: 250 2.0.0 *
        C: nOoP any string at all  
        S: 250 2.0.0 *
        C: DATA
        S: 354 *
        C: .
        S: 250 2.6.0 *
        """);

    [Catalogue("211")]
    [Catalogue("214")]
    [Catalogue("HELP", 211, 214, 504)]
    [Theory, EveryChunking]
    public Task HELP_names_the_commands_and_tells_their_syntax(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C: HELP
        S: 211-2.0.0 MailSuite at mx.example.org
        S: 211-2.0.0 This session: Mx, without TLS, not authenticated; no mail transaction is open
        S: 211-2.0.0 Commands: EHLO HELO * MAIL * QUIT HELP
        S: 211 2.0.0 *
        C: HELP mail
        S: 214 2.0.0 MAIL FROM:<user@example.net> *
        C: HELP ME
        S: 504 5.5.4 *
        """);

    [Catalogue("221")]
    [Catalogue("QUIT", 221, 501)]
    [Theory, EveryChunking]
    public Task QUIT_says_goodbye_and_closes(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C: QUIT now
        S: 501 5.5.4 *
        C: quit
        S: 221 2.0.0 *
        S: (closed)
        """);

    [Catalogue("502")]
    [Theory]
    [InlineData("BURL imap://example.org/x LAST")]
    public Task A_command_that_is_known_and_not_offered_hears_502(string command) => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
        C: {command}
        S: 502 5.5.1 *
        """);

    [Catalogue("500")]
    [Theory]
    [InlineData("REST")]
    [InlineData("XYZZY with arguments")]
    [InlineData("MAILFROM:<carol@example.net>")]
    [InlineData("")]
    [InlineData(" NOOP")]
    public Task An_unknown_command_hears_500(string command) => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
        C> {command}\r\n
        S: 500 5.5.2 *
        C: NOOP
        S: 250 *
        """);

    [Theory, EveryChunking]
    public Task A_web_browser_is_sent_away_at_its_first_line(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C: POST / HTTP/1.1
        S: 500 5.5.1 *
        S: (closed)
        """);

    [Fact]
    public Task Controls_and_broken_UTF_8_are_no_command() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
        C> NOOP \0\r\n
        S: 500 5.5.2 *
        C> NOOP\t\r\n
        S: 500 5.5.2 *
        C> NOOP \xff\xfe\r\n
        S: 500 5.5.2 *
        C> NOOP \x1b[2J\r\n
        S: 500 5.5.2 *
        """);
}
