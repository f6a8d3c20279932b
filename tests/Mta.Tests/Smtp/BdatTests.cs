using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>CHUNKING (RFC 3030 §2): messages by BDAT.</summary>
[EhloKeyword("CHUNKING")]
public sealed class BdatTests
{
    private const string Binary = SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net> BODY=BINARYMIME
        S: 250 2.1.0 *
        C: RCPT TO:<alice@example.org>
        S: 250 2.1.5 *

        """;

    [Catalogue("BDAT", 250)]
    [Theory, EveryChunking]
    public async Task Stores_a_message_of_one_chunk_with_its_dots_under_its_Received_field(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: BDAT 32 LAST
            C> Subject: hello\r\n\r\n.\r\n..dots\r\nend
            S: 250 2.6.0 Accepted as *
            C: QUIT
            S: 221 2.0.0 *
            S: (closed)
            """);
        var mail = scene.Mailboxes.Of("alice@example.org").Single();
        Assert.Equal("Subject: hello\r\n\r\n.\r\n..dots\r\nend", mail.TextAfterTrace);
        Assert.StartsWith("Received: from client.example.net ([192.0.2.7])\r\n\tby mx.example.org with ESMTP id ", mail.Text, StringComparison.Ordinal);
    }

    /// <summary>The example of RFC 3030 §4.2, with the sizes that its text has here.</summary>
    [Theory, EveryChunking]
    public async Task Joins_chunks_that_are_cut_anywhere(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: BDAT 15
            C> Subject: hello\r
            S: 250 2.0.0 15 octets received
            C: bdat 3
            C> \n\r\n
            S: 250 2.0.0 18 octets received
            C: NOOP
            S: 250 2.0.0 *
            C: BDAT 0
            S: 250 2.0.0 18 octets received
            C: BDAT 7
            C> QUIT\r\nx
            S: 250 2.0.0 25 octets received
            C: BDAT 0 last
            S: 250 2.6.0 Accepted as *
            C: MAIL FROM:<carol@example.net>
            S: 250 2.1.0 *
            """);
        Assert.Equal("Subject: hello\r\n\r\nQUIT\r\nx", scene.Mailboxes.Of("alice@example.org").Single().TextAfterTrace);
    }

    [Theory, EveryChunking]
    public async Task Answers_a_pipelined_group_in_order(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            C: RCPT TO:<alice@example.org>
            C: RCPT TO:<nobody@example.org>
            C: BDAT 6
            C> A: b\r\n
            C: BDAT 4 LAST
            C> \r\nx\n
            S: 250 2.1.0 *
            S: 250 2.1.5 *
            S: 550 5.1.1 *
            S: 250 2.0.0 6 octets received
            S: 554 5.5.2 *
            S: (closed)
            """);
        Assert.Empty(scene.Mailboxes.Deliveries);
        await scene.PlayAsync(chunking, SmtpScene.Hello + """
            C: MAIL FROM:<carol@example.net>
            C: RCPT TO:<alice@example.org>
            C: BDAT 6
            C> A: b\r\n
            C: BDAT 5 LAST
            C> \r\nx\r\n
            C: MAIL FROM:<carol@example.net>
            C: RCPT TO:<bob@example.org>
            C: BDAT 0 LAST
            C: QUIT
            S: 250 2.1.0 *
            S: 250 2.1.5 *
            S: 250 2.0.0 6 octets received
            S: 250 2.6.0 *
            S: 250 2.1.0 *
            S: 250 2.1.5 *
            S: 250 2.6.0 *
            S: 221 *
            S: (closed)
            """);
        Assert.Equal("A: b\r\n\r\nx\r\n", scene.Mailboxes.Of("alice@example.org").Single().TextAfterTrace);
        Assert.Equal("", scene.Mailboxes.Of("bob@example.org").Single().TextAfterTrace);
    }

    [Catalogue("BDAT", 503, 554)]
    [Theory, EveryChunking]
    public async Task Reads_a_chunk_in_every_state_and_takes_none_of_it_for_commands(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, """
            S: 220 *
            C: BDAT 6
            C> QUIT\r\n
            S: 503 5.5.1 *EHLO*
            C: EHLO client.example.net
            S: (250-... CHUNKING, BINARYMIME)
            C: BDAT 6
            C> QUIT\r\n
            S: 503 5.5.1 *MAIL*
            C: BDAT 6 LAST
            C> QUIT\r\n
            S: 503 5.5.1 *MAIL*
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<nobody@example.org>
            S: 550 *
            C: BDAT 6
            C> QUIT\r\n
            S: 554 5.5.1 No valid recipients
            C: BDAT 6 LAST
            C> QUIT\r\n
            S: 554 5.5.1 No valid recipients
            C: BDAT 6 LAST
            C> QUIT\r\n
            S: 503 5.5.1 *MAIL*
            C: NOOP
            S: 250 *
            """);
        Assert.Empty(scene.Mailboxes.Deliveries);
        Assert.Empty(scene.Spool.Entries);
    }

    /// <summary>Or the rest of a message would be taken for all of it.</summary>
    [Theory, EveryChunking]
    public Task Takes_no_recipient_between_the_chunks_nor_after_one_that_nobody_was_there_for(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Addressed + """
        C: BDAT 6
        C> A: b\r\n
        S: 250 2.0.0 *
        C: RCPT TO:<bob@example.org>
        S: 503 5.5.1 *
        C: MAIL FROM:<carol@example.net>
        S: 503 5.5.1 *
        C: DATA
        S: 503 5.5.1 *
        C: RSET
        S: 250 2.0.0 *
        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: BDAT 6
        C> A: b\r\n
        S: 554 5.5.1 *
        C: RCPT TO:<bob@example.org>
        S: 503 5.5.1 *
        C: BDAT 6 LAST
        C> A: b\r\n
        S: 554 5.5.1 *
        """);

    [Theory, EveryChunking]
    public async Task Forgets_the_chunks_with_RSET_and_with_EHLO(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = 10 });
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: BDAT 20
            C> Subject: one\r\n\r\nxx\r\n
            S: 250 2.0.0 *
            C: RSET
            S: 250 2.0.0 *
            C: BDAT 0 LAST
            S: 503 5.5.1 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: BDAT 20
            C> Subject: two\r\n\r\nxx\r\n
            S: 250 2.0.0 *
            C: EHLO client.example.net
            S: (250-... CHUNKING)
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: BDAT 22 LAST
            C> Subject: three\r\n\r\nxx\r\n
            S: 250 2.6.0 *
            """);
        Assert.Equal("Subject: three\r\n\r\nxx\r\n", scene.Mailboxes.Of("alice@example.org").Single().TextAfterTrace);
        Assert.Empty(scene.IncomingFiles);
    }

    [Catalogue("BDAT", 501)]
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" LAST")]
    [InlineData(" x")]
    [InlineData(" -1")]
    [InlineData(" +1")]
    [InlineData(" 1 FIRST")]
    [InlineData(" 1 LAST LAST")]
    [InlineData(" 1  LAST")]
    [InlineData(" 0x10")]
    [InlineData(" 1.0")]
    [InlineData(" 000000000000000000001")]
    public Task Ends_the_session_when_it_cannot_know_where_the_chunk_ends(string arguments) => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
        C: BDAT{arguments}
        C: QUIT
        S: 501 5.5.4 *
        S: (closed)
        """);

    [Fact]
    public Task Ends_the_session_at_a_line_that_cannot_be_read() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
        C> BDAT 6\x01 LAST\r\n
        C: QUIT
        S: 501 5.5.4 *
        S: (closed)
        """);

    [Catalogue("BDAT", 552)]
    [Theory, EveryChunking]
    public async Task Takes_a_message_at_the_limit_and_reads_past_one_octet_more(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxMessageOctets = 1000 });
        await scene.PlayAsync(chunking, SmtpScene.Addressed + $"""
            C: BDAT 500
            C> {new string('x', 500)}
            S: 250 2.0.0 *
            C: BDAT 500 LAST
            C> {new string('x', 500)}
            S: 250 2.6.0 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: BDAT 500
            C> {new string('x', 500)}
            S: 250 2.0.0 *
            C: BDAT 501
            C> {new string('x', 501)}
            S: 552 5.3.4 *
            C: BDAT 1
            C> x
            S: 552 5.3.4 *
            C: BDAT 0 LAST
            S: 552 5.3.4 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Theory]
    [InlineData("2000", false)]
    [InlineData("2001", true)]
    [InlineData("18446744073709551616", true)]
    public Task Ends_the_session_when_more_is_to_come_than_it_reads_past(string octets, bool ends) => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
        C: BDAT {octets} LAST
        C> {(ends ? "" : new string('x', 2000))}
        S: 552 5.3.4 *
        {(ends ? "S: (closed)" : "C: NOOP\nS: 250 *")}
        """, configure: options => options with { MaxMessageOctets = 1000 });

    [Fact]
    public Task Ends_the_session_when_a_message_without_end_comes_in_chunks() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
        C: BDAT 1000
        C> {new string('x', 1000)}
        S: 250 2.0.0 *
        C: BDAT 1001
        S: 552 5.3.4 *
        S: (closed)
        """, configure: options => options with { MaxMessageOctets = 1000 });

    [Catalogue("BDAT", 452)]
    [Theory, EveryChunking]
    public async Task Says_452_to_every_chunk_that_is_left_when_the_disk_takes_no_more(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = 10, MaxMessageOctets = 30, DataDirectory = "/proc/nowhere" });
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a place where nothing can be written, which /proc is");
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: BDAT 20
            C> Subject: one\r\n\r\nxx\r\n
            S: 452 4.3.1 *
            C: BDAT 40
            C> 1234567890123456789012345678901234567890
            S: 452 4.3.1 *
            C: BDAT 1 LAST
            C> x
            S: 452 4.3.1 *
            C: BDAT 1 LAST
            C> x
            S: 503 5.5.1 *
            """);
        Assert.Single(scene.Journeys.Events, e => e.Step == JourneyStep.Refused);
    }

    [Theory]
    [InlineData(@"x\ny")]
    [InlineData(@"x\ry")]
    [InlineData(@"x\r\ry")]
    [InlineData(@"\ny1")]
    [InlineData(@"xy\r")]
    public async Task Refuses_a_CR_or_LF_of_its_own_as_DATA_does(string text)
    {
        foreach (var chunking in new[] { Chunking.WholeTurn, Chunking.ByteByByte })
        {
            await using var scene = new SmtpScene();
            var octets = text.Replace(@"\r", "r", StringComparison.Ordinal).Replace(@"\n", "n", StringComparison.Ordinal).Length;
            await scene.PlayAsync(chunking, SmtpScene.Addressed + $"""
                C: BDAT 6
                C> A: b\r\n
                S: 250 2.0.0 *
                C: BDAT {octets} LAST
                C> {text}
                S: 554 5.5.2 *
                S: (closed)
                """);
            Assert.Empty(scene.Mailboxes.Deliveries);
        }
    }

    [Catalogue("BDAT", 500)]
    [Theory, EveryChunking]
    public async Task Takes_a_text_line_at_the_limit_and_refuses_one_octet_more(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxTextLineOctets = 1000 });
        await scene.PlayAsync(chunking, SmtpScene.Addressed + $"""
            C: BDAT 400
            C> {new string('x', 400)}
            S: 250 2.0.0 *
            C: BDAT 600 LAST
            C> {new string('x', 598)}\r\n
            S: 250 2.6.0 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: BDAT 400
            C> {new string('x', 400)}
            S: 250 2.0.0 *
            C: BDAT 601 LAST
            C> {new string('x', 599)}\r\n
            S: 500 5.5.2 *
            S: (closed)
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    [Theory, EveryChunking]
    public async Task Refuses_a_message_for_its_header_as_DATA_does(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxReceivedFields = 1 });
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: BDAT 15 LAST
            C> Subject: \0\r\n\r\nx
            S: 554 5.5.2 *NUL*
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: BDAT 29 LAST
            C> Received: 1\r\nReceived: 2\r\n\r\nx
            S: 554 5.4.6 *
            C: NOOP
            S: 250 *
            """);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Catalogue("BDAT", 421)]
    [Fact]
    public Task Closes_when_the_rest_of_a_chunk_does_not_come_in_time() => SmtpScene.PlayAsync(Chunking.ByteByByte, SmtpScene.Addressed + """
        C: BDAT 10 LAST
        T: 00:02:59
        C> x
        T: 00:03:00
        S: 421 4.4.2 *
        S: (closed)
        """);

    [Fact]
    public Task Closes_on_a_message_whose_chunks_take_too_long_together() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
        C: BDAT 1
        C> x
        S: 250 2.0.0 *
        T: 00:04:00
        C: BDAT 0
        S: 250 2.0.0 *
        T: 00:04:00
        C: BDAT 0
        S: 250 2.0.0 *
        T: 00:02:00
        C: BDAT 0
        S: 421 4.4.2 *
        S: (closed)
        """, configure: options => options with { DataTotalTimeout = TimeSpan.FromMinutes(10) });

    [Theory]
    [InlineData("C: (close)\nS: (closed)")]
    [InlineData("C: QUIT\nS: 221 *\nS: (closed)")]
    [InlineData("T: (stop)\nS: 421 4.3.2 *\nS: (closed)")]
    [InlineData("C: BDAT 100 LAST\nC> x\nC: (close)\nS: (closed)")]
    public async Task Keeps_nothing_when_the_session_ends_before_the_message(string end)
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = 10 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
            C: BDAT 20
            C> Subject: one\r\n\r\nxx\r\n
            S: 250 2.0.0 *
            {end}
            """);
        Assert.Empty(scene.Mailboxes.Deliveries);
        Assert.Empty(scene.IncomingFiles);
        Assert.Empty(scene.Log.Errors);
    }

    [Catalogue("BDAT", 451, 552)]
    [Fact]
    public async Task Tells_a_refusal_of_the_mailboxes_in_the_session()
    {
        await using var scene = new SmtpScene();
        scene.Mailboxes.Outcomes["alice@example.org"] = new LocalDeliveryOutcome.Refused(StatusCodes.MessageTooLargeForMailbox, "too large for this mailbox");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: BDAT 0 LAST
            S: 552 5.2.3 too large for this mailbox
            C: BDAT 0 LAST
            S: 503 5.5.1 *
            """);
        scene.Mailboxes.Failure = new InvalidOperationException("the store is not there");
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: BDAT 0 LAST
            S: 451 4.3.0 *
            """);
        Assert.Empty(scene.Mailboxes.Of("alice@example.org"));
    }

    [Fact]
    public async Task Shows_each_chunk_in_the_journey_and_none_of_its_octets()
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
            C: BDAT 14
            C> Subject: one\r\n
            S: 250 *
            C: BDAT 6 LAST
            C> \r\nxx\r\n
            S: 250 *
            """);
        var accepted = scene.Journeys.Events.Single(e => e.Step == JourneyStep.Accepted);
        Assert.Equal("one", accepted.Facts!.Subject);
        Assert.Equal(20, accepted.Facts.Octets);
        Assert.Equal(
            ["C: BDAT 14", "C: (chunk, message of 14 octets so far)", "S: 250 2.0.0 14 octets received", "C: BDAT 6 LAST", "C: (chunk, message of 20 octets so far)"],
            accepted.Dialogue!.Select(line => line.ToString()).SkipWhile(line => !line.StartsWith("C: BDAT", StringComparison.Ordinal)).SkipLast(1));
    }

    [EhloKeyword("BINARYMIME")]
    [Theory, EveryChunking]
    public async Task Takes_any_octets_in_the_body_with_BINARYMIME(Chunking chunking)
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = 100, MaxTextLineOctets = 100 });
        var octets = string.Concat(Enumerable.Range(0, 256).Select(i => $"\\x{i:x2}"));
        await scene.PlayAsync(chunking, Binary + $"""
            C: BDAT 264 LAST
            C> A: b\r\n\r\n{octets}
            S: 250 2.6.0 *
            """);
        var stored = scene.Mailboxes.Of("alice@example.org").Single().Octets;
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)i), stored[^256..]);
    }

    [Theory]
    [InlineData(@"A: b\n\r\n", 7)]
    [InlineData(@"A: b\r\nC: d\re\r\n\r\n", 17)]
    [InlineData(@"no header\n", 10)]
    public Task Wants_lines_in_the_header_of_a_binary_message_too(string text, int octets) => SmtpScene.PlayAsync(Chunking.WholeTurn, Binary + $"""
        C: BDAT {octets} LAST
        C> {text}
        S: 554 5.5.2 *
        S: (closed)
        """);

    [Catalogue("DATA", 503)]
    [Theory, EveryChunking]
    public Task Takes_no_binary_message_by_DATA(Chunking chunking) => SmtpScene.PlayAsync(chunking, Binary + """
        C: DATA
        S: 503 5.5.1 *BDAT*
        C: BDAT 0 LAST
        S: 250 2.6.0 *
        """);

    [Fact]
    public async Task Remembers_for_the_relaying_that_a_message_is_binary()
    {
        await using var scene = new SmtpScene(MailSuite.Shared.Contracts.Mta.SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true });
        await scene.PlayAsync(Chunking.WholeTurn, AuthTests.SignedIn + """
            C: MAIL FROM:<alice@example.org> BODY=BINARYMIME
            S: 250 *
            C: RCPT TO:<bob@elsewhere.example>
            S: 250 *
            C: BDAT 9 LAST
            C> A: b\r\n\r\n\n
            S: 250 2.6.0 *
            """);
        Assert.Equal(BodyType.Binary, scene.Spool.Entries.Single().Message.Body);
        Assert.EndsWith("A: b\r\n\r\n\n", scene.Spool.Entries.Single().Text, StringComparison.Ordinal);
    }
}
