using System.Text;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Content;
using MailSuite.Testing;
using MimeKit;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>What becomes of binary and 8-bit messages at a host that takes them, and at one that does not (RFC 3030 §3, RFC 6152 §3).</summary>
public sealed class BinaryMailTests
{
    private const string Head = "Subject: x\r\nMIME-Version: 1.0\r\n";

    private static readonly byte[] AllOctets = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] Binary =>
    [
        .. Encoding.ASCII.GetBytes(Head + "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\npreamble\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"),
        .. "Gr\u00fc\u00dfe\r\n.dot\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n"u8,
        .. AllOctets, .. "\r\n--b--\r\n"u8,
    ];

    [Theory]
    [InlineData("PIPELINING", "CHUNKING", "BINARYMIME", "8BITMIME")]
    [InlineData("CHUNKING", "BINARYMIME")]
    public async Task Goes_by_BDAT_octet_for_octet_to_a_host_that_takes_it(params string[] extensions)
    {
        using var directory = new TempDirectory();
        await File.WriteAllBytesAsync(directory.File("body"), Binary, Cancel);
        await using var scene = new CourierScene { Body = BodyType.Binary };
        scene.Peer.Extensions = extensions;

        Assert.Equal(["Delivered 2.0.0", "Delivered 2.0.0"], Outcomes(await scene.SendAsync(new MemoryContent(Binary), "bob@there.test", "cy@there.test")));
        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(new FileContent(directory.File("body"), Binary.Length), "bob@there.test")));

        Assert.All(scene.Peer.Messages, message => Assert.Equal(Binary, message.Octets));
        Assert.Equal(2, scene.Peer.Messages.Count);
        Assert.Contains("MAIL FROM:<ann@here.test> BODY=BINARYMIME", scene.Peer.Commands);
        Assert.Contains($"BDAT {Binary.Length} LAST", scene.Peer.Commands);
        Assert.DoesNotContain("DATA", scene.Peer.Commands);
    }

    [Theory]
    [InlineData("PIPELINING", "CHUNKING", "BINARYMIME", "8BITMIME")]
    [InlineData("CHUNKING", "BINARYMIME")]
    public async Task Sends_no_chunk_when_nobody_takes_it(params string[] extensions)
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = extensions;
        scene.Peer.OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null;

        Assert.Equal(["Failed 5.1.1"], Outcomes(await scene.SendAsync(new MemoryContent(Binary), "bob@there.test")));
        await RelayScene.UntilAsync(() => scene.Peer.Commands[^1] == "RSET");
        Assert.Equal(["RCPT TO:<bob@there.test>", "RSET"], scene.Peer.Commands.TakeLast(2));
    }

    [Theory]
    [InlineData("450 4.3.2 full", "Deferred 4.3.2")]
    [InlineData("554 5.7.1 no", "Failed 5.7.1")]
    [InlineData(SmtpPeer.Drop, "Deferred 4.4.2")]
    public async Task Believes_the_reply_to_the_last_chunk(string reply, string outcome)
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["CHUNKING", "BINARYMIME"];
        scene.Peer.OnCommand = line => line.StartsWith("BDAT", StringComparison.Ordinal) ? reply : null;

        Assert.Equal([outcome], Outcomes(await scene.SendAsync(new MemoryContent(Binary), "bob@there.test")));
        Assert.Empty(scene.Taken);
    }

    [Theory]
    [InlineData(1_000_000, "8BITMIME")]
    [InlineData(100, "8BITMIME")]
    [InlineData(1_000_000, "CHUNKING")]
    [InlineData(100, "BINARYMIME")]
    public async Task Is_re_coded_for_a_host_that_takes_lines_only(int spillOctets, params string[] extensions)
    {
        await using var scene = new CourierScene { Body = BodyType.Binary, SpillOctets = spillOctets };
        scene.Peer.Extensions = extensions;

        var report = await scene.SendAsync(new MemoryContent(Binary), "bob@there.test");

        Assert.Equal(["Delivered 2.0.0"], Outcomes(report));
        var eightBit = extensions[0] == "8BITMIME";
        var octets = scene.Peer.Messages[0].Octets;
        var sent = await MimeMessage.LoadAsync(new MemoryStream(octets), Cancel);
        var parts = sent.BodyParts.Cast<MimePart>().ToList();
        Assert.Equal("Gr\u00fc\u00dfe\r\n.dot", Encoding.UTF8.GetString(Decoded(parts[0])));
        Assert.Equal(eightBit ? ContentEncoding.EightBit : ContentEncoding.QuotedPrintable, parts[0].ContentTransferEncoding);
        Assert.Equal(ContentEncoding.Base64, parts[1].ContentTransferEncoding);
        Assert.Equal(AllOctets, Decoded(parts[1]));
        Assert.Equal(eightBit ? "8bit" : "7bit", sent.Body!.Headers[HeaderId.ContentTransferEncoding]);
        Assert.Equal("preamble", ((Multipart)sent.Body).Preamble!.TrimEnd());
        Assert.Equal(eightBit, MessageOctets.Scan(octets).HasEightBit);
        Assert.False(MessageOctets.Scan(octets).HasBareLineEnd);
        Assert.Contains(report.Sessions[0].Dialogue, line => line.Text.Contains("re-coded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Re_codes_8_bit_text_for_a_host_without_8BITMIME()
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["PIPELINING"];

        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(Head + "X-Odd:  as it was \r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n", "bob@there.test")));
        Assert.Equal(Head + "X-Odd:  as it was \r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n", scene.Peer.Messages[0].Text);
    }

    [Fact]
    public async Task Re_codes_what_is_in_a_message_that_is_passed_on()
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = [];

        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(
            Head + "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: inner\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\u00fc\u00dfe\r\n", "bob@there.test")));
        var sent = await MimeMessage.LoadAsync(new MemoryStream(scene.Peer.Messages[0].Octets), Cancel);
        Assert.Equal("Gr\u00fc\u00dfe", ((TextPart)((MessagePart)sent.Body!).Message!.Body!).Text.TrimEnd());
        Assert.False(MessageOctets.Scan(scene.Peer.Messages[0].Octets).HasEightBit);
    }

    /// <summary>What is signed would not be what was signed (RFC 1847 §2.1); what is no MIME has no encoding; a header has none that a relay may choose.</summary>
    [Theory]
    [InlineData(Head + "Content-Type: multipart/signed; boundary=b; micalg=sha-256; protocol=\"application/pgp-signature\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("Subject: x\r\n\r\nGr\u00fc\u00dfe\r\n")]
    [InlineData("Subject: Gr\u00fc\u00dfe\r\nMIME-Version: 1.0\r\n\r\nx\r\n")]
    [InlineData(Head + "Content-Type: message/partial; id=1; number=1\r\n\r\nGr\u00fc\u00dfe\r\n")]
    [InlineData(Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\nGr\u00fc\u00dfe\r\n--b\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("")]
    public async Task Is_returned_where_it_cannot_be_re_coded(string message)
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = [];

        Assert.Equal([message.Length == 0 ? "Delivered 2.0.0" : "Failed 5.6.3"], Outcomes(await scene.SendAsync(message, "bob@there.test")));
        Assert.Equal(message.Length == 0, scene.Peer.Commands.Contains("DATA"));
    }

    [Fact]
    public async Task Keeps_what_is_signed_beside_what_is_re_coded()
    {
        const string Signed = "--b\r\nContent-Type: multipart/signed; boundary=s; micalg=sha-256; protocol=\"application/pgp-signature\"\r\n\r\n--s\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\n odd   text \r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n";
        await using var scene = new CourierScene();
        scene.Peer.Extensions = [];

        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + Signed + "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\u00fc\u00dfe\r\n--b--\r\n", "bob@there.test")));
        Assert.Contains(Signed, scene.Peer.Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_no_binary_message_for_what_its_sender_said_of_it()
    {
        await using var scene = new CourierScene { Body = BodyType.Binary };
        scene.Peer.Extensions = ["CHUNKING", "BINARYMIME"];

        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync("Subject: x\r\n\r\nlines\r\n", "bob@there.test")));
        Assert.Contains("DATA", scene.Peer.Commands);
        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync($"Subject: x\r\n\r\n{new string('x', 998)}\r\n", "bob@there.test")));
        Assert.DoesNotContain(scene.Peer.Commands, line => line.StartsWith("BDAT", StringComparison.Ordinal));
        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync($"Subject: x\r\n\r\n{new string('x', 999)}\r\n", "bob@there.test")));
        Assert.Contains(scene.Peer.Commands, line => line.StartsWith("BDAT", StringComparison.Ordinal));
    }

    /// <summary>By DATA it could be taken for the end of a line, and what follows for commands.</summary>
    [Theory]
    [InlineData("x\ny")]
    [InlineData("x\ry")]
    [InlineData("xy\r")]
    [InlineData("xy\n")]
    public void Sees_a_line_end_of_its_own_however_the_octets_are_cut(string body)
    {
        var octets = Encoding.ASCII.GetBytes("Subject: x\r\n\r\n" + body);
        Assert.True(MessageOctets.Scan(octets).HasBareLineEnd);
        var scan = default(LineScan);
        foreach (var octet in octets)
            scan.Look([octet]);
        Assert.True(scan.HasBareLineEnd);
        Assert.False(scan.HasNulOrLongLine);
    }

    private static byte[] Decoded(MimePart part)
    {
        using var stream = new MemoryStream();
        part.Content!.DecodeTo(stream, Cancel);
        return stream.ToArray();
    }

    private static IEnumerable<string> Outcomes(CourierReport report) => report.Results.Select(result => $"{result.Outcome.Kind} {result.Outcome.Status}");
}
