using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What an MSA does that an MX does not (RFC 6409): as whom one writes, how much, and what is mended.</summary>
public sealed class SubmissionTests
{
    private const string Addressed = AuthTests.SignedIn + """
        C: MAIL FROM:<alice@example.org>
        S: 250 *
        C: RCPT TO:<bob@example.org>
        S: 250 *
        C: DATA
        S: 354 *

        """;

    [Theory, EveryChunking]
    public async Task Lets_nobody_send_from_another_address_and_names_what_is_allowed(Chunking chunking)
    {
        await using var scene = Scene();
        scene.Senders.Shared.Add("team@example.org");
        await scene.PlayAsync(chunking, AuthTests.SignedIn + """
            C: MAIL FROM:<bob@example.org>
            S: 553 5.7.1 MAIL FROM is not an address of yours; you may write as alice@example.org, team@example.org
            C: MAIL FROM:<team@example.org>
            S: 250 *
            C: RSET
            S: 250 *
            C: MAIL FROM:<>
            S: 250 *
            """);
    }

    [Theory]
    [InlineData("From: alice@example.org", true)]
    [InlineData("From: \"Alice, of Example\" <ALICE@Example.ORG>", false)]
    [InlineData("From: Alice <team@example.org>", true)]
    [InlineData("From: Bob <bob@example.org>", false)]
    [InlineData("from : bob@example.org", false)]
    [InlineData("From: alice@example.org, bob@example.org", false)]
    [InlineData("From: alice@example.org, team@example.org", true)]
    [InlineData("From: alice@example.org\r\nFrom: bob@example.org", false)]
    [InlineData("From: alice@example.org\r\nSender: bob@example.org", false)]
    [InlineData("From: alice@example.org\r\nSender: team@example.org", true)]
    [InlineData("From:\r\n bob@example.org", false)]
    [InlineData("From: Us: alice@example.org, team@example.org;", true)]
    [InlineData("From: Us: alice@example.org, bob@example.org;", false)]
    [InlineData("From: Nobody:;", false)]
    [InlineData("From: ", false)]
    [InlineData("From: alice", false)]
    [InlineData("From: =?utf-8?q?alice=40example.org?= <bob@example.org>", false)]
    [InlineData("From: \"alice@example.org\" <bob@example.org>", false)]
    [InlineData("From: alice@example.org\r\nResent-From: bob@example.org", true)]
    [InlineData("Subject: none", true)]
    public async Task Lets_nobody_write_as_somebody_else(string header, bool allowed)
    {
        await using var scene = Scene();
        scene.Senders.Shared.Add("team@example.org");
        var lines = string.Join('\n', header.Split("\r\n").Select(line => "C: " + line));
        await scene.PlayAsync(Chunking.WholeTurn, Addressed + lines + "\nC: \nC: Hello.\nC: .\nS: " + (allowed ? "250 2.6.0 *" : "553 5.7.1 * you may write as alice@example.org*"));
    }

    [Fact]
    public Task Lets_anybody_be_anybody_where_the_settings_say_so() => SmtpScene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
        C: MAIL FROM:<bob@example.org>
        S: 250 *
        C: RCPT TO:<bob@example.org>
        S: 250 *
        C: DATA
        S: 354 *
        C: From: nobody
        C: .
        S: 250 *
        """, SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true, SubmissionOwnership = false });

    [Fact]
    public Task Asks_nothing_of_who_brings_mail_from_elsewhere() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
        C: DATA
        S: 354 *
        C: From: alice@example.org
        C: Bcc: bob@example.org
        C: .
        S: 250 *
        """);

    [Fact]
    public async Task Says_451_when_it_cannot_be_found_out()
    {
        await using var scene = Scene();
        scene.Senders.Trouble = "The directory cannot be read for now";
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
            C: MAIL FROM:<alice@example.org>
            S: 451 4.3.0 *
            """);
    }

    [Fact]
    public async Task Adds_From_where_there_is_none_and_changes_one_that_there_is_in_nothing()
    {
        await using var scene = Scene();
        await scene.PlayAsync(Chunking.WholeTurn, Addressed + """
            C: Subject: none
            C: 
            C: Hello.
            C: .
            S: 250 *
            """);
        Assert.Contains("\r\nFrom: <alice@example.org>\r\n", scene.Mailboxes.Of("bob@example.org")[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(4096, 20_000)]
    public async Task Takes_Bcc_out_and_changes_nothing_else(int spillOctets, int bodyOctets)
    {
        await using var scene = Scene(options => options with { SpillOctets = spillOctets });
        var body = string.Concat(Enumerable.Repeat("0123456789012345678901234567890123456789012345678901234567\r\n", bodyOctets / 60));
        var bodyLines = string.Concat(Enumerable.Repeat("C: 0123456789012345678901234567890123456789012345678901234567\n", bodyOctets / 60));
        await scene.PlayAsync(Chunking.WholeTurn, Addressed + $"""
            C: bcc: carol@example.net
            C: From: alice@example.org
            C: Date: Mon, 23 Nov 2026 12:00:00 +0000
            C: Bcc : dave@example.net,
            C:  erin@example.net,
            C: 	frank@example.net
            C: Message-ID: <1@example.org>
            C: BCC:
            C: Resent-Bcc: grace@example.net
            C: X-Bcc: stays
            C: Subject: Bcc: stays
            C: 
            C: Bcc: stays

            """ + bodyLines + "C: .\nS: 250 *\n");
        Assert.Equal(
            "From: alice@example.org\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nX-Bcc: stays\r\nSubject: Bcc: stays\r\n\r\nBcc: stays\r\n" + body,
            scene.Mailboxes.Of("bob@example.org")[0].TextAfterTrace);
        Assert.Empty(scene.IncomingFiles);
    }

    [Fact]
    public async Task Refuses_a_header_without_end()
    {
        await using var scene = Scene(options => options with { SpillOctets = 4096 });
        var field = "C: X: " + new string('x', 50_000) + "\n";
        await scene.PlayAsync(Chunking.WholeTurn, Addressed + "C: From: alice@example.org\n" + string.Concat(Enumerable.Repeat(field, 22)) + "C: Bcc: carol@example.net\nC: \nC: x\nC: .\nS: 552 5.3.4 *\n");
    }

    [Catalogue("452")]
    [Catalogue("MAIL", 452)]
    [Catalogue("RCPT", 452)]
    [Fact]
    public async Task Lets_an_account_send_so_much_and_no_more()
    {
        await using var scene = Scene(options => options with { MaxMessagesPerDay = 2, MaxRecipientsPerDay = 3 });
        const string Message = """
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *

            """;
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: RCPT TO:<carol@example.net>
            S: 250 *
            C: RCPT TO:<dave@example.net>
            S: 452 4.7.1 You have sent as much as an account may in 24 hours: 2 messages and 3 recipients
            C: RSET
            S: 250 *

            """ + Message + Message + """
            C: MAIL FROM:<alice@example.org>
            S: 452 4.7.1 *
            """);
        // The webmail counts with the rest.
        var alice = (await scene.Accounts.FindAsync(EnvelopeAddress.Parse("alice@example.org"), CancellationToken.None))!;
        Assert.IsType<SubmissionOutcome.Deferred>(await SubmitAsync(scene, alice, "alice@example.org"));
        Assert.IsType<SubmissionOutcome.Accepted>(await SubmitAsync(scene, null, "alice@example.org"));
    }

    [Fact]
    public async Task Counts_two_sessions_together_when_their_messages_are_whole()
    {
        await using var scene = Scene(options => options with { MaxMessagesPerDay = 1, MaxRecipientsPerDay = 0 });
        var alice = (await scene.Accounts.FindAsync(EnvelopeAddress.Parse("alice@example.org"), CancellationToken.None))!;
        var player = scene.PlayAsync(Chunking.WholeTurn, Addressed + """
            C: .
            S: 250 *
            """);
        await player;
        Assert.Equal(new SentMail(1, 1), await scene.Senders.SentAsync(alice, CancellationToken.None));
        Assert.IsType<SubmissionOutcome.Deferred>(await SubmitAsync(scene, alice, "alice@example.org"));
    }

    [Fact]
    public async Task The_webmail_sends_as_the_account_only()
    {
        await using var scene = Scene();
        var alice = (await scene.Accounts.FindAsync(EnvelopeAddress.Parse("alice@example.org"), CancellationToken.None))!;
        var refused = Assert.IsType<SubmissionOutcome.Refused>(await SubmitAsync(scene, alice, "bob@example.org"));
        Assert.Contains("alice@example.org", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<SubmissionOutcome.Accepted>(await SubmitAsync(scene, alice, "alice@example.org"));
    }

    private static ValueTask<SubmissionOutcome> SubmitAsync(SmtpScene scene, Account? submitter, string from) => scene.Submission.SubmitAsync(
        new Submission(DeliveryId.New(scene.Clock), JourneyId.New(scene.Clock), submitter, ReversePath.Of(EnvelopeAddress.Parse(from)), [EnvelopeAddress.Parse("bob@example.org")],
            new MemoryContent("From: alice@example.org\r\n\r\nHello.\r\n"u8.ToArray())), CancellationToken.None);

    private static SmtpScene Scene(Func<MtaOptions, MtaOptions>? configure = null) =>
        new(SmtpRole.Submission, options => (configure?.Invoke(options) ?? options) with { AllowPlaintextAuthentication = true });
}
