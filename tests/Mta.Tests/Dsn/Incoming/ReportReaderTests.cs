using System.Text;
using CsCheck;
using MailSuite.Mta.Dsn.Incoming;

namespace MailSuite.Mta.Tests.Dsn.Incoming;

/// <summary>Reports in the forms in which hosts send them.</summary>
public sealed class ReportReaderTests
{
    private const string QueueId = "1HD2T0PM8ZX9KQ4V";

    private const string Returned = $"""
        Received: from [192.0.2.9] by mx.here.test with ESMTPSA id {QueueId}
        	for <bob@there.test>; Mon, 23 Nov 2026 11:00:00 +0000
        Message-ID: <m1@here.test>
        Subject: Hello

        """;

    private const string Standard = $"""
        Return-Path: <>
        Received: from mx.there.test by mx.here.test with ESMTP id 1HD2T0PM8AAAAAAA; Mon, 23 Nov 2026 12:00:00 +0000
        Message-ID: <report@there.test>
        From: MAILER-DAEMON@there.test (Mail Delivery System)
        Content-Type: multipart/report; report-type=delivery-status; boundary="B"
        MIME-Version: 1.0

        --B
        Content-Type: text/plain

        I am sorry.
        --B
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.there.test
        Original-Envelope-Id: QQ1

        Final-Recipient: rfc822; robert@inner.test
        Original-Recipient: rfc822;bob@there.test
        Action: failed
        Status: 5.2.2
        Remote-MTA: dns; store.there.test
        Diagnostic-Code: smtp; 552 5.2.2 Over
            quota

        Final-Recipient: rfc822; cy@there.test
        Action: expanded (to multi-recipient alias)
        Status: 2.0.0

        --B
        Content-Type: message/rfc822

        {Returned}
        body
        --B--
        """;

    [Fact]
    public void Reads_a_line_of_nothing_but_ids_in_the_room_of_some_lines()
    {
        var octets = Encoding.ASCII.GetBytes("From: a@there.test\r\n\r\nHi.\r\n" + string.Concat(Enumerable.Repeat("id ", ReportReader.MaxOctets / 3)));
        ReportReader.Read(octets);

        var before = GC.GetAllocatedBytesForCurrentThread();
        ReportReader.Read(octets);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50L * octets.Length);
    }

    [Fact]
    public void Reads_one_of_RFC_3464()
    {
        var report = Read(Standard)!;
        Assert.Equal("mx.there.test", report.Reporter);
        Assert.Equal([QueueId, "m1@here.test"], report.Names);
        Assert.Equal(2, report.Recipients.Count);
        Assert.Equal(("bob@there.test", ReportedAction.Failed, "5.2.2", "store.there.test", "552 5.2.2 Over quota"),
            (report.Recipients[0].Address, report.Recipients[0].Action, report.Recipients[0].Status.ToString(), report.Recipients[0].RemoteHost, report.Recipients[0].Words));
        Assert.Equal(("cy@there.test", ReportedAction.Expanded), (report.Recipients[1].Address, report.Recipients[1].Action));
    }

    [Fact]
    public void Knows_the_message_by_its_header_alone()
    {
        var report = Read(Standard.Replace("message/rfc822", "text/rfc822-headers", StringComparison.Ordinal))!;
        Assert.Equal([QueueId, "m1@here.test"], report.Names);
    }

    [Fact]
    public void Knows_the_message_by_the_envelope_id_that_we_gave_it()
    {
        var report = Read(Standard.Replace("QQ1", QueueId, StringComparison.Ordinal)[..Standard.IndexOf("--B\r\nContent-Type: message/rfc822".Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal)] + "\n--B--\n")!;
        Assert.Equal([QueueId], report.Names);
    }

    [Fact]
    public void Reads_one_whose_returned_message_is_cut_off()
    {
        var report = Read(Standard.Replace("--B--", new string('x', 200_000), StringComparison.Ordinal), ReportReader.MaxOctets)!;
        Assert.Equal([QueueId, "m1@here.test"], report.Names);
    }

    [Fact]
    public void Reads_one_of_RFC_6533()
    {
        var report = Read(Standard.Replace("message/delivery-status", "message/global-delivery-status", StringComparison.Ordinal).Replace("message/rfc822", "message/global-headers", StringComparison.Ordinal)
            .Replace("Original-Recipient: rfc822;bob@there.test", "Original-Recipient: utf-8; dör@there.test", StringComparison.Ordinal))!;
        Assert.Equal("dör@there.test", report.Recipients[0].Address);
        Assert.Equal([QueueId, "m1@here.test"], report.Names);
    }

    [Fact]
    public void Reads_qmails()
    {
        var report = Read($"""
            Return-Path: <>
            From: MAILER-DAEMON@there.test
            Message-ID: <own@there.test>

            Hi. This is the qmail-send program at there.test.
            I'm afraid I wasn't able to deliver your message to the following addresses.

            <bob@there.test>:
            192.0.2.7 does not like recipient.
            Remote host said: 550 5.1.1 No such user

            <cy@there.test>:
            Sorry, no mailbox here by that name. (#5.1.1)

            --- Below this line is a copy of the message.

            {Returned}
            body
            """)!;
        Assert.Equal("there.test", report.Reporter);
        Assert.Equal([QueueId, "m1@here.test"], report.Names);
        Assert.Equal(["bob@there.test", "cy@there.test"], report.Recipients.Select(one => one.Address));
        Assert.All(report.Recipients, one => Assert.Equal((ReportedAction.Failed, "5.1.1"), (one.Action, one.Status.ToString())));
        Assert.Contains("Remote host said", report.Recipients[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_those_that_only_name_who_failed()
    {
        var report = Read($"""
            X-Failed-Recipients: bob@there.test, cy@there.test
            From: Mail Delivery System <Mailer-Daemon@there.test>

            This message was created automatically by mail delivery software.

              bob@there.test
                SMTP error from remote mail server after RCPT TO:<bob@there.test>:
                host mx.there.test [192.0.2.3]: 550 Unrouteable address

            ------ This is a copy of the message, including all the headers. ------

            {Returned}
            """)!;
        Assert.Equal(["bob@there.test", "cy@there.test"], report.Recipients.Select(one => one.Address));
        Assert.Contains("550 Unrouteable address", report.Recipients[0].Words, StringComparison.Ordinal);
        Assert.Null(report.Recipients[1].Words);
        Assert.Equal([QueueId, "m1@here.test"], report.Names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("Subject: out of office\r\n\r\nI am away. Message-ID: <m1@here.test>\r\n")]
    [InlineData("Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\n\r\nx\r\n--B--\r\n")]
    [InlineData("Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a@b>\r\n\r\n--B--\r\n")]
    public void Finds_nothing_where_there_is_nothing(string message) => Assert.Null(Read(message));

    [Theory]
    [InlineData("Action: failed", "Action: 0")]
    [InlineData("Action: failed", "Action: banana")]
    [InlineData("Action: failed", "X-Action: failed")]
    public void Leaves_out_a_recipient_without_an_action(string there, string instead) =>
        Assert.Equal("cy@there.test", Assert.Single(Read(Standard.Replace(there, instead, StringComparison.Ordinal))!.Recipients).Address);

    [Fact]
    public void Makes_a_line_of_whatever_is_said()
    {
        var report = Read(Standard.Replace("552 5.2.2 Over\n            quota".Replace("            ", "    ", StringComparison.Ordinal), "x\u0007\u001b[31m" + new string('w', 5000), StringComparison.Ordinal))!;
        var words = report.Recipients[0].Words!;
        Assert.InRange(words.Length, 400, 500);
        Assert.DoesNotContain(words, char.IsControl);
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(21, 20)]
    public void Tells_of_so_many_recipients(int recipients, int told)
    {
        var groups = string.Concat(Enumerable.Range(0, recipients).Select(i => $"\nFinal-Recipient: rfc822; r{i}@there.test\nAction: failed\nStatus: 5.1.1\n"));
        var start = Standard.IndexOf("\nFinal-Recipient: rfc822; robert", StringComparison.Ordinal);
        var end = Standard.IndexOf("\n--B\nContent-Type: message/rfc822", StringComparison.Ordinal);
        Assert.Equal(told, Read(Standard[..start] + groups + Standard[end..])!.Recipients.Count);
    }

    [Fact]
    public void Looks_for_ten_names()
    {
        var received = string.Concat(Enumerable.Range(0, 12).Select(i => $"Received: by x with SMTP id 1HD2T0PM8ZX9K{i:000}; now\n"));
        Assert.Equal(10, Read(Standard.Replace("Received: from [192.0.2.9]", received + "Received: from [192.0.2.9]", StringComparison.Ordinal))!.Names.Count);
    }

    [Fact]
    public void Survives_messages_in_messages()
    {
        var nested = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 3000));
        Assert.Null(Read(nested));
    }

    [Fact]
    public void Never_throws()
    {
        var good = Encoding.UTF8.GetBytes(Standard.ReplaceLineEndings("\r\n"));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 200], Gen.Byte.Array[0, 60]).Sample(change =>
        {
            var (at, removed, put) = change;
            byte[] broken = [.. good[..at], .. put, .. good[Math.Min(good.Length, at + removed)..]];
            ReportReader.Read(broken);
        }, iter: 3000);
        Gen.Byte.Array[0, 500].Sample(octets => { ReportReader.Read(octets); }, iter: 1000);
    }

    private static ReceivedReport? Read(string text, int max = int.MaxValue)
    {
        var octets = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
        return ReportReader.Read(octets.AsMemory(0, Math.Min(max, octets.Length)));
    }
}
