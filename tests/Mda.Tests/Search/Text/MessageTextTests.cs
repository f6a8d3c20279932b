using System.Text;
using CsCheck;
using MailSuite.Mda.Search.Text;

namespace MailSuite.Mda.Tests.Search.Text;

public sealed class MessageTextTests
{
    [Fact]
    public void Has_the_fields_decoded_and_unfolded()
    {
        var text = Read("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus\r\n Bern\r\nX-Empty:\r\n\r\nbody");

        Assert.Equal("\nSUBJECT: GRU\u0308ßE AUS BERN\nX-EMPTY:\n\u0001\n", Encoding.UTF8.GetString(text.Head.Span));
        Assert.Equal("BODY\n", Encoding.UTF8.GetString(text.Body.Span));
    }

    [Fact]
    public void Has_the_text_of_all_text_parts_and_the_headers_of_all_parts()
    {
        var text = Read("""
            Subject: outer
            Content-Type: multipart/mixed; boundary=b

            preamble
            --b
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Gr=FC=DFe an=
            gewachsen
            --b
            Content-Type: text/html

            <style>p{}</style><p>one<p>t<b>w</b>o &amp; three<script>no()</script>
            --b
            Content-Type: text/csv
            Content-Disposition: attachment; filename=list.csv

            attached,words
            --b
            Content-Type: application/pdf
            Content-Transfer-Encoding: base64

            c2VjcmV0
            --b
            Content-Type: message/rfc822

            Subject: inner

            within
            --b--
            """.ReplaceLineEndings("\r\n"));

        var body = Encoding.UTF8.GetString(text.Body.Span);
        Assert.Equal("GRU\u0308ßE ANGEWACHSEN\nONE TWO & THREE\nATTACHED,WORDS\nWITHIN\n", body);
        var head = Encoding.UTF8.GetString(text.Head.Span).Split('\u0001');
        Assert.DoesNotContain("INNER", head[0], StringComparison.Ordinal);
        Assert.Contains("\nSUBJECT: INNER\n", head[1], StringComparison.Ordinal);
        Assert.Contains("LIST.CSV", head[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iso-2022-jp", "GyRCRnxLXBsoQg==", "日本")]
    [InlineData("gb2312", "1tC5+g==", "中国")]
    [InlineData("euc-kr", "x9E=", "\u1112\u1161\u11ab")]
    [InlineData("windows-1252", "gA==", "€")]
    [InlineData("no-such-charset", "w6Q=", "A\u0308")]
    public void Decodes_charsets(string charset, string base64, string expected) =>
        Assert.Equal(expected + "\n", Encoding.UTF8.GetString(Read($"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}").Body.Span));

    [Theory]
    [InlineData("=?koi8-r?B?89DJ08/L?=", "СПИСОК")]
    [InlineData("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本")]
    [InlineData("=?big5?B?pKSk5Q==?=", "中文")]
    public void Decodes_words_of_the_header(string encoded, string expected) =>
        Assert.Contains($"\nSUBJECT: {expected}\n", Encoding.UTF8.GetString(Read($"Subject: {encoded}\r\n\r\n").Head.Span), StringComparison.Ordinal);

    [Theory]
    [InlineData("From ann Thu Apr 30 14:27:51 1998\r\nSubject: x\r\n\r\nbody\r\n", "SUBJECT: X", "BODY")]
    [InlineData(" From: y\r\nSubject: x\r\n\r\nbody\r\n", "SUBJECT: X", "BODY")]
    [InlineData("no header\r\nat all\r\n", "", "NO HEADER AT ALL")]
    public void Begins_where_the_header_begins(string message, string head, string body)
    {
        var text = Read(message);
        Assert.Equal((head, body), (Encoding.UTF8.GetString(text.Head.Span).Split('\u0001')[0].Trim('\n'), Encoding.UTF8.GetString(text.Body.Span).Trim('\n')));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Says_when_there_is_more_than_its_bound(int length, bool isPartial)
    {
        var text = IndexedText.Of(new MemoryStream(Encoding.ASCII.GetBytes("Subject: x\r\n\r\n" + new string('x', length - 1))), 1000, 10, TestContext.Current.CancellationToken);

        Assert.Equal(isPartial, text.IsPartial);
        Assert.Equal(10, text.Body.Length);
    }

    [Fact]
    public void Bears_any_octets() =>
        Gen.Byte.Array[0, 2000].Sample(octets => IndexedText.Of(new MemoryStream([.. "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"u8, .. octets]), 1000, 1000, default) is not null);

    private static IndexedText Read(string message) =>
        IndexedText.Of(new MemoryStream(Encoding.UTF8.GetBytes(message)), 100_000, 100_000, TestContext.Current.CancellationToken);
}
