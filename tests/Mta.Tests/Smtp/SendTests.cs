using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>SEND, SOML and SAML: messages to the screens of people who are there (RFC 821 §3.4).</summary>
public sealed class SendTests
{
    private const string Hello = """
        S: 220 *
        C: EHLO client.example.net
        S: (250-... SEND, SOML, SAML)

        """;

    private const string Message = """
        C: DATA
        S: 354 *
        C: Subject: tea
        C:
        C: It is ready.
        C: .

        """;

    [EhloKeyword("SEND")]
    [Catalogue("SEND", 250)]
    [Theory, EveryChunking]
    public async Task SEND_shows_the_message_and_stores_nothing(Chunking chunking)
    {
        await using var scene = Scene("alice@example.org");
        await scene.PlayAsync(chunking, Hello + """
            C: send from:<carol@example.net>
            S: 250 2.1.0 *
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 *

            """ + Message + "S: 250 2.6.0 *");
        var shown = Assert.Single(scene.Terminals.Shown);
        Assert.Equal((scene.Lookup.IdOf("alice@example.org"), "<carol@example.net>", false), (shown.Account, shown.Message.ReversePath.ToString(), shown.Message.IsKept));
        Assert.Contains("Subject: tea\r\n\r\nIt is ready.\r\n", shown.Text, StringComparison.Ordinal);
        Assert.Empty(scene.Mailboxes.Deliveries);
        Assert.Empty(scene.Spool.Entries);
        Assert.Equal(shown.Message.Journey, scene.Journeys.Events.Single(e => e.Step == JourneyStep.Accepted).Journey);
        Assert.EndsWith("shown on screens and kept nowhere", scene.Journeys.Events.Single(e => e.Step == JourneyStep.Accepted).Reason, StringComparison.Ordinal);
    }

    [Catalogue("450")]
    [Catalogue("RCPT", 450, 550)]
    [Theory, EveryChunking]
    public async Task Reply_450_SEND_to_a_user_who_is_not_there(Chunking chunking)
    {
        await using var scene = Scene("alice@example.org");
        await scene.PlayAsync(chunking, Hello + """
            C: SEND FROM:<carol@example.net>
            S: 250 2.1.0 *
            C: RCPT TO:<bob@example.org>
            S: 450 4.2.1 *
            C: RCPT TO:<nobody@example.org>
            S: 550 5.1.1 *
            C: DATA
            S: 554 5.5.1 *
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 *

            """ + Message + "S: 250 2.6.0 *");
        Assert.Single(scene.Terminals.Shown);
        Assert.Contains(scene.Journeys.Events, e => e.Step == JourneyStep.Refused && e.Recipients.Single().ToString() == "bob@example.org");
    }

    [Catalogue("450")]
    [Catalogue("DATA", 450)]
    [Fact]
    public async Task Reply_450_the_user_left_between_RCPT_and_the_dot()
    {
        await using var scene = Scene("alice@example.org");
        scene.Terminals.SitDown(scene.Lookup.IdOf("bob@example.org"), TerminalOutcome.NobodyThere);
        await scene.PlayAsync(Chunking.WholeTurn, Hello + """
            C: SEND FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 450 4.2.1 <bob@example.org> is not there any more; nothing was stored
            """);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public async Task SEND_refuses_what_a_screen_cannot_show_whole()
    {
        await using var scene = Scene();
        scene.Terminals.SitDown(scene.Lookup.IdOf("alice@example.org"), TerminalOutcome.NotShowable);
        await scene.PlayAsync(Chunking.WholeTurn, Hello + """
            C: SEND FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *

            """ + Message + "S: 554 5.6.1 *");
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Theory]
    [InlineData("SEND")]
    [InlineData("SOML")]
    [InlineData("SAML")]
    public async Task What_goes_to_a_screen_is_not_held_and_not_shown_when_its_time_is_over(string verb)
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true, Terminal = Offer.Authenticated });
        scene.Terminals.SitDown(scene.Lookup.IdOf("bob@example.org"));
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + $"""
            C: {verb} FROM:<alice@example.org> HOLDFOR=60
            S: 555 5.5.4 *
            C: {verb} FROM:<alice@example.org> BY=60;R
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            T: 00:01:00

            """ + Message + "S: 554 5.4.7 *");
        Assert.Empty(scene.Terminals.Shown);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public async Task SEND_does_not_reach_other_hosts_and_SAML_mails_there()
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true, Terminal = Offer.Authenticated });
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
            C: SEND FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<somebody@elsewhere.example>
            S: 550 5.3.3 *
            C: RSET
            S: 250 *
            C: SAML FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<somebody@elsewhere.example>
            S: 250 *

            """ + Message + "S: 250 2.6.0 *");
        Assert.Single(scene.Spool.Entries);
        Assert.Empty(scene.Terminals.Shown);
    }

    [EhloKeyword("SOML")]
    [Catalogue("SOML", 250)]
    [Theory, EveryChunking]
    public async Task SOML_shows_it_to_who_is_there_and_mails_it_to_who_is_not(Chunking chunking)
    {
        await using var scene = Scene("alice@example.org");
        await scene.PlayAsync(chunking, Hello + """
            C: SOML FROM:<carol@example.net>
            S: 250 2.1.0 *
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 *
            C: RCPT TO:<bob@example.org>
            S: 250 2.1.5 *

            """ + Message + "S: 250 2.6.0 *");
        Assert.Equal(scene.Lookup.IdOf("alice@example.org"), Assert.Single(scene.Terminals.Shown).Account);
        Assert.Empty(scene.Mailboxes.Of("alice@example.org"));
        Assert.Single(scene.Mailboxes.Of("bob@example.org"));
    }

    [Theory]
    [InlineData(TerminalOutcome.NobodyThere)]
    [InlineData(TerminalOutcome.NotShowable)]
    public async Task SOML_mails_what_could_not_be_shown(TerminalOutcome outcome)
    {
        await using var scene = Scene();
        scene.Terminals.SitDown(scene.Lookup.IdOf("alice@example.org"), outcome);
        await PlaySomlAsync(scene);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Fact]
    public async Task SOML_mails_when_showing_fails()
    {
        await using var scene = Scene("alice@example.org");
        scene.Terminals.Failure = new InvalidOperationException("a bug of the pages");
        await PlaySomlAsync(scene);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Fact]
    public async Task SOML_mails_to_an_alias_of_which_not_everybody_is_there()
    {
        await using var scene = Scene("bob@example.org");
        scene.Lookup.Members["alice@example.org"] = ["alice@example.org", "bob@example.org"];
        await PlaySomlAsync(scene);
        Assert.Empty(scene.Terminals.Shown);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [EhloKeyword("SAML")]
    [Catalogue("SAML", 250)]
    [Theory, EveryChunking]
    public async Task SAML_mails_it_and_shows_it_to_who_is_there(Chunking chunking)
    {
        await using var scene = Scene("alice@example.org");
        await scene.PlayAsync(chunking, Hello + """
            C: SAML FROM:<carol@example.net>
            S: 250 2.1.0 *
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 *
            C: RCPT TO:<bob@example.org>
            S: 250 2.1.5 *

            """ + Message + "S: 250 2.6.0 *");
        Assert.True(Assert.Single(scene.Terminals.Shown).Message.IsKept);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
        Assert.Single(scene.Mailboxes.Of("bob@example.org"));
    }

    [Fact]
    public async Task SAML_shows_nothing_when_the_mailbox_did_not_take_it()
    {
        await using var scene = Scene("alice@example.org");
        scene.Mailboxes.Failure = new InvalidOperationException("the store is not there");
        await scene.PlayAsync(Chunking.WholeTurn, Hello + """
            C: SAML FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *

            """ + Message + "S: 451 4.3.0 *");
        Assert.Empty(scene.Terminals.Shown);
    }

    [Catalogue("502")]
    [Catalogue("SEND", 502)]
    [Catalogue("SOML", 502)]
    [Catalogue("SAML", 502)]
    [Theory]
    [InlineData(Offer.Never, "SEND")]
    [InlineData(Offer.Never, "SOML")]
    [InlineData(Offer.Never, "SAML")]
    [InlineData(Offer.Authenticated, "SEND")]
    public Task Reply_502_where_screens_are_not_offered(Offer offer, string verb) => SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
        S: 220 *
        C: EHLO client.example.net
        S: (250-... !SEND, !SOML, !SAML)
        C: {verb} FROM:<carol@example.net>
        S: 502 5.5.1 *
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        """, configure: options => options with { Terminal = offer });

    [Catalogue("SEND", 501, 552)]
    [Catalogue("SOML", 501, 552)]
    [Catalogue("SAML", 501, 552)]
    [Theory]
    [InlineData("SEND")]
    [InlineData("SOML")]
    [InlineData("SAML")]
    public async Task Judges_arguments_as_MAIL_does(string verb)
    {
        await using var scene = Scene();
        await scene.PlayAsync(Chunking.WholeTurn, Hello + $"""
            C: {verb} TO:<carol@example.net>
            S: 501 5.1.7 *
            C: {verb} FROM:<carol@example.net> SIZE=99999999999
            S: 552 5.3.4 *
            C: {verb} FROM:<carol@example.net> SIZE=1000 BODY=8BITMIME
            S: 250 2.1.0 *
            C: {verb} FROM:<carol@example.net>
            S: 503 5.5.1 *
            """);
    }

    private static Task PlaySomlAsync(SmtpScene scene) => scene.PlayAsync(Chunking.WholeTurn, Hello + """
        C: SOML FROM:<carol@example.net>
        S: 250 *
        C: RCPT TO:<alice@example.org>
        S: 250 *

        """ + Message + "S: 250 2.6.0 *");

    private static SmtpScene Scene(params string[] there)
    {
        var scene = new SmtpScene(configure: options => options with { Terminal = Offer.Always });
        foreach (var address in there)
            scene.Terminals.SitDown(scene.Lookup.IdOf(address));
        return scene;
    }
}
