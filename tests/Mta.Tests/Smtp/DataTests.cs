using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class DataTests
{
    [Catalogue("250")]
    [Catalogue("354")]
    [Catalogue("DATA", 250, 354)]
    [Theory, EveryChunking]
    public async Task Stores_the_message_as_it_was_sent_under_its_Received_field(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: Subject: hello
            C: 
            C: ..one dot
            C: ...two dots
            C: .x is no end
            C: last line
            C: .
            S: 250 2.6.0 Accepted as *
            C: QUIT
            S: 221 2.0.0 *
            S: (closed)
            """);
        var mail = scene.Mailboxes.Of("alice@example.org").Single();
        Assert.Equal("Subject: hello\r\n\r\n.one dot\r\n..two dots\r\nx is no end\r\nlast line\r\n", mail.TextAfterTrace);
        Assert.Matches(
            """^Received: from client\.example\.net \(\[192\.0\.2\.7\]\)\r\n\tby mx\.example\.org with ESMTP id [0-9A-Z]{16}\r\n\tfor <alice@example\.org>;\r\n\tMon, 23 Nov 2026 12:00:00 \+0000\r\nSubject:""",
            mail.Text);
        Assert.Equal("<carol@example.net>", mail.ReversePath.ToString());
    }

    [Theory, EveryChunking]
    public async Task Does_not_name_the_recipient_when_there_are_several(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.DoesNotContain("for <", scene.Mailboxes.Of("alice@example.org").Single().Text, StringComparison.Ordinal);
        Assert.Equal(scene.Mailboxes.Of("alice@example.org").Single().Text, scene.Mailboxes.Of("bob@example.org").Single().Text);
    }

    [EhloKeyword("8BITMIME")]
    [Fact]
    public async Task Keeps_every_octet_but_the_line_protocol_s_own()
    {
        await using var scene = new SmtpScene();
        var octets = string.Concat(Enumerable.Range(0, 256).Where(i => i is not 13 and not 10).Select(i => $"\\x{i:x2}"));
        await scene.PlayAsync(Chunking.ByteByByte, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C> A: b\r\n\r\n{octets}\r\n.\r\n
            S: 250 *
            """);
        var stored = scene.Mailboxes.Of("alice@example.org").Single().Octets;
        byte[] body = [.. Enumerable.Range(0, 256).Where(i => i is not 13 and not 10).Select(i => (byte)i)];
        Assert.Equal(body, stored.AsSpan(stored.AsSpan().IndexOf("\r\n\r\n"u8) + 4, body.Length).ToArray());
    }

    [Catalogue("554")]
    [Catalogue("DATA", 501, 554)]
    [Fact]
    public Task Has_an_answer_for_a_transaction_whose_recipients_were_all_refused() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net>
        C: RCPT TO:<nobody@example.org>
        C: DATA
        S: 250 2.1.0 *
        S: 550 5.1.1 *
        S: 554 5.5.1 *
        C: DATA now
        S: 501 5.5.4 *
        """);

    [EhloKeyword("SIZE")]
    [Catalogue("DATA", 552)]
    [Theory, EveryChunking]
    public async Task Takes_a_message_at_the_limit_and_refuses_one_octet_more(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxMessageOctets = 1000 });
        await scene.PlayAsync(chunking, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C: {new string('x', 998)}
            C: .
            S: 250 2.6.0 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: {new string('x', 999)}
            C: .
            S: 552 5.3.4 *
            C: NOOP
            S: 250 2.0.0 *
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Theory, EveryChunking]
    public Task Cuts_off_a_message_without_end(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Addressed + $"""
        C: DATA
        S: 354 *
        {string.Concat(Enumerable.Repeat($"C: {new string('x', 98)}\n", 25))}
        S: 552 5.3.4 *
        S: (closed)
        """, configure: options => options with { MaxMessageOctets = 1000 });

    [Catalogue("DATA", 500)]
    [Theory, EveryChunking]
    public async Task Takes_a_text_line_at_the_limit_and_refuses_one_octet_more(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxTextLineOctets = 1000 });
        await scene.PlayAsync(chunking, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C: {new string('x', 998)}
            C: .
            S: 250 2.6.0 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C> {new string('x', 999)}
            S: 500 5.5.2 *
            S: (closed)
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Catalogue("554")]
    [Fact]
    public async Task Takes_a_message_that_has_passed_as_many_hosts_as_allowed_and_no_more()
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxReceivedFields = 3 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: Received: by a; Mon, 1 Jan 2024 00:00:00 +0000
            C: RECEIVED : by b;
            C:  Mon, 1 Jan 2024 00:00:00 +0000
            C: received: by c; Mon, 1 Jan 2024 00:00:00 +0000
            C: 
            C: Received: this is the body
            C: .
            S: 250 2.6.0 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: Received: 1
            C: Received: 2
            C: Received: 3
            C: Received: 4
            C: 
            C: .
            S: 554 5.4.6 *
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Theory, EveryChunking]
    public Task Refuses_a_NUL_in_the_header_only(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Addressed + """
        C: DATA
        S: 354 *
        C> Subject: a\0b\r\n\r\n.\r\n
        S: 554 5.5.2 *NUL*
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: DATA
        S: 354 *
        C> Subject: ab\r\n\r\n\0\r\n.\r\n
        S: 250 2.6.0 *
        """);

    [Fact]
    public async Task Puts_an_empty_line_before_text_without_a_header()
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: Blah blah blah...
            C: ...etc. etc. etc.
            C: .
            S: 250 *
            """);
        Assert.Equal("\r\nBlah blah blah...\r\n..etc. etc. etc.\r\n", scene.Mailboxes.Of("alice@example.org").Single().TextAfterTrace);
    }

    [Fact]
    public async Task Tells_a_refusal_of_the_mailboxes_in_the_session()
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Outcomes["alice@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MessageTooLargeForMailbox, "too large for this mailbox");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: .
            S: 552 5.2.3 too large for this mailbox
            C: NOOP
            S: 250 *
            """);
        Assert.Empty(scene.Spool.Entries);
    }

    [Fact]
    public async Task Forgets_the_transaction_afterwards()
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            C: DATA
            S: 503 5.5.1 *
            C: RCPT TO:<bob@example.org>
            S: 503 5.5.1 *
            """);
    }

    [Fact]
    public async Task Keeps_nothing_when_the_client_goes_away_before_the_dot()
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = 1000 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C: {new string('x', 5000)}
            C: (close)
            S: (closed)
            """);
        Assert.Empty(scene.Mailboxes.Of("alice@example.org"));
        Assert.Empty(scene.IncomingFiles);
        Assert.DoesNotContain(scene.Journeys.Events, e => e.Step == JourneyStep.Accepted);
    }

    [Theory, EveryChunking]
    public async Task Holds_a_large_message_in_a_file_and_stores_it_whole(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = 1000 });
        var lines = string.Concat(Enumerable.Range(0, 300).Select(i => $"C: line {i}\n"));
        await scene.PlayAsync(chunking, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C: Subject: large
            C: 
            {lines}
            C: .
            S: 250 2.6.0 *
            """);
        var expected = "Subject: large\r\n\r\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i}\r\n"));
        Assert.Equal(expected, scene.Mailboxes.Of("alice@example.org").Single().TextAfterTrace);
        Assert.Equal("large", scene.Journeys.Events.Single(e => e.Step == JourneyStep.Accepted).Facts!.Subject);
        Assert.Empty(scene.IncomingFiles);
    }

    [Fact]
    public async Task Removes_what_a_killed_process_left_behind()
    {
        await using var scene = new SmtpScene();
        await using (var left = scene.Incoming.Create())
            File.Copy(left.Name, left.Name.Replace(".incoming", "-left.incoming", StringComparison.Ordinal));
        Assert.Single(scene.IncomingFiles);
        await scene.Incoming.StartAsync(TestContext.Current.CancellationToken);
        Assert.Empty(scene.IncomingFiles);
    }

    [Catalogue("DATA", 452)]
    [Fact]
    public async Task Says_452_when_the_disk_takes_no_more_and_reads_the_message_to_its_end()
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = 1000, DataDirectory = "/proc/nowhere" });
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a place where nothing can be written, which /proc is");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C: Subject: large
            C: 
            C: {new string('x', 5000)}
            C: .
            S: 452 4.3.1 *
            C: NOOP
            S: 250 *
            """);
    }

    [Fact]
    public async Task Adds_Date_and_Message_ID_to_a_submission_that_lacks_them()
    {
        await using var scene = new SmtpScene(SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true });
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: Subject: bare
            C: 
            C: .
            S: 250 *
            C: MAIL FROM:<alice@example.org>
            S: 250 *
            C: RCPT TO:<bob@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: Date: Mon, 23 Nov 2026 11:00:00 +0000
            C: From: alice@example.org
            C: Message-ID: <1@example.org>
            C: 
            C: .
            S: 250 *
            """);
        Assert.Matches("^Date: Mon, 23 Nov 2026 12:00:00 \\+0000\r\nFrom: <alice@example\\.org>\r\nMessage-ID: <[0-9a-f]{32}@mx\\.example\\.org>\r\nSubject: bare\r\n\r\n$", scene.Mailboxes.Of("bob@example.org")[0].TextAfterTrace);
        Assert.Equal("Date: Mon, 23 Nov 2026 11:00:00 +0000\r\nFrom: alice@example.org\r\nMessage-ID: <1@example.org>\r\n\r\n", scene.Mailboxes.Of("bob@example.org")[1].TextAfterTrace);
    }
}
