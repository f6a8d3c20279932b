using System.Text;
using CsCheck;
using MailSuite.Mua.Cli;
using MailSuite.Mua.Cli.Sendmail;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mua.Tests.Cli;

public sealed class OutgoingHeadTests
{
    private static readonly Domain Here = Domain.Parse("example.org");
    private static readonly OutgoingHead.Writer Ann = new(
        "Ann Example", EnvelopeAddress.Parse("ann@example.org"), Here, new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.FromHours(1)), Guid.Parse("0123456789abcdef0123456789abcdef"));

    private const string Added = "From: Ann Example <ann@example.org>\r\nDate: Tue, 24 Nov 2026 08:00:00 +0100\r\nMessage-ID: <0123456789abcdef0123456789abcdef@example.org>\r\n";

    [Fact]
    public void Adds_what_a_message_must_have() => Assert.Equal("To: bob@example.net\r\n" + Added + "\r\n", Write("To: bob@example.net\r\n\r\nbody\r\n"));

    [Fact]
    public void Adds_nothing_to_a_message_that_has_it()
    {
        const string Whole = "From: x@example.net\r\nDate: yesterday\r\nmessage-id: <1@x>\r\nSubject: a\r\n\tb\r\n\r\n";
        Assert.Equal(Whole, Write(Whole));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\r\nbody\r\n", "body\r\n")]
    [InlineData("no header at all\r\nbody\r\n", "no header at all\r\nbody\r\n")]
    [InlineData("From root Tue Nov 24 08:00:00 2026\r\n\r\nbody\r\n", "body\r\n")]
    [InlineData(">From root Tue Nov 24 08:00:00 2026\r\nno header\r\n", "no header\r\n")]
    [InlineData(" begins with a blank\r\n", " begins with a blank\r\n")]
    public void Text_without_a_header_gets_one(string message, string body)
    {
        var octets = Encoding.UTF8.GetBytes(message);
        var head = HeadFields.Read(octets);
        Assert.Equal(body, Encoding.UTF8.GetString(octets.AsSpan(head.HeadOctets)));
        Assert.Equal(Added + "\r\n", Write(message));
    }

    [Fact]
    public void A_field_has_its_folded_lines_and_a_header_may_have_no_end_yet()
    {
        var head = HeadFields.Read("Subject: a\r\n b\r\n\tc\r\nTo: bob\r\n carol\r\n"u8);
        Assert.Equal(["Subject: a\r\n b\r\n\tc\r\n", "To: bob\r\n carol\r\n"], head.Fields.Select(field => Encoding.UTF8.GetString(field.Octets)));
        Assert.False(head.IsWhole);
        Assert.False(HeadFields.Read("Subject: a\r\n b"u8).IsWhole);
    }

    [Fact]
    public void A_line_that_is_no_field_begins_the_body()
    {
        var octets = "To: bob\r\nHello Bob,\r\nSubject: none\r\n"u8.ToArray();
        Assert.Equal("Hello Bob,\r\nSubject: none\r\n", Encoding.UTF8.GetString(octets.AsSpan(HeadFields.Read(octets).HeadOctets)));
    }

    [Theory]
    [InlineData("Bcc: eve@example.net\r\n")]
    [InlineData("bcc:\r\n eve@example.net,\r\n mallory@example.net\r\n")]
    [InlineData("Resent-From: a@b.example\r\nResent-Date: now\r\nResent-Message-ID: <1@x>\r\nResent-Bcc: eve@example.net\r\n")]
    [InlineData("Return-Path: <eve@example.net>\r\n")]
    [InlineData("Content-Length: 7\r\nX: Return-Path: eve\r\n")]
    public void Takes_out_what_nobody_else_may_see(string fields)
    {
        var text = Write(fields + "From: a@b.example\r\n\r\n");
        Assert.DoesNotContain("eve@", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bcc", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Content-Length", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("To: bob@example.net, Carol <carol@example.net>\r\nCc: dave\r\nBCC: eve@example.net\r\n", "bob@example.net carol@example.net dave@example.org eve@example.net")]
    [InlineData("To: all: bob@example.net, carol@example.net;\r\n", "bob@example.net carol@example.net")]
    [InlineData("To: undisclosed-recipients:;\r\nBcc: eve@example.net\r\n", "eve@example.net")]
    [InlineData("To: bob@example.net\r\nTo: carol@example.net\r\n", "bob@example.net carol@example.net")]
    [InlineData("To: bob@example.net\r\nResent-To: carol@example.net\r\nResent-Bcc: eve@example.net\r\n", "carol@example.net eve@example.net")]
    [InlineData("To:\r\nCc: bob@example.net\r\n", "bob@example.net")]
    [InlineData("Subject: nobody\r\n", "")]
    public void Finds_the_recipients_in_the_header(string fields, string recipients) =>
        Assert.Equal(recipients, string.Join(' ', OutgoingHead.RecipientsIn(HeadFields.Read(Encoding.UTF8.GetBytes(fields + "\r\n")), Here)));

    [Fact]
    public void A_recipient_that_is_no_address_stops_the_message()
    {
        var failure = Assert.Throws<CommandFailure>(() => OutgoingHead.RecipientsIn(HeadFields.Read("To: bob@@example\r\n\r\n"u8), Here).ToList());
        Assert.Equal(SendmailExit.DataError, failure.ExitCode);
    }

    /// <summary>As cron writes: <c>From: root (Cron Daemon)</c>.</summary>
    [Fact]
    public void A_name_alone_gets_the_domain_of_this_host()
    {
        var text = Write("From: root (Cron Daemon)\r\nTo: root, bob@example.net\r\nX-To: root\r\nDate: d\r\nMessage-ID: <1@x>\r\n\r\n");
        Assert.Contains("root@example.org", text.Split("\r\n")[0], StringComparison.Ordinal);
        Assert.Contains("Cron Daemon", text.Split("\r\n")[0], StringComparison.Ordinal);
        Assert.Contains("To: root@example.org, bob@example.net\r\n", text, StringComparison.Ordinal);
        Assert.Contains("X-To: root\r\n", text, StringComparison.Ordinal);
    }

    /// <summary>RFC 5322 §3.6.6: who sends a message on adds a block in front and leaves the rest alone.</summary>
    [Fact]
    public void A_resent_message_gets_its_own_block()
    {
        const string Original = "From: a@b.example\r\nDate: d\r\nMessage-ID: <1@x>\r\n\r\n";
        Assert.Equal(
            "Resent-From: Ann Example <ann@example.org>\r\nResent-Date: Tue, 24 Nov 2026 08:00:00 +0100\r\nResent-Message-ID: <0123456789abcdef0123456789abcdef@example.org>\r\nResent-To: carol@example.net\r\n" + Original,
            Write("Resent-To: carol@example.net\r\n" + Original));
    }

    [Fact]
    public void A_name_beyond_ASCII_is_encoded() => Assert.StartsWith(
        "From: =?utf-8?", Encoding.UTF8.GetString(OutgoingHead.Write(HeadFields.Read("\r\n"u8), Ann with { Name = "Änne" })), StringComparison.Ordinal);

    [Fact]
    public void Any_octets_can_be_a_header() => Gen.OneOf(Gen.Byte.Array, Gen.String[Gen.Char["\r\n :aTo,;<>@\"("], 0, 60].Select(Encoding.UTF8.GetBytes)).Sample(octets =>
    {
        var head = HeadFields.Read(octets);
        Assert.InRange(head.HeadOctets, 0, octets.Length);
        OutgoingHead.Write(head, Ann);
        try
        {
            _ = OutgoingHead.RecipientsIn(head, Here).Count();
        }
        catch (CommandFailure)
        {
            // Told to who called.
        }
    });

    private static string Write(string message) => Encoding.UTF8.GetString(OutgoingHead.Write(HeadFields.Read(Encoding.UTF8.GetBytes(message)), Ann));
}
