using System.Text;
using CsCheck;
using MailSuite.Mda.Search;

namespace MailSuite.Mda.Tests.Search;

public sealed class MessagePreviewTests
{
    [Fact]
    public void Squeezes_the_plain_text_to_one_line() =>
        Assert.Equal("Good morning, it is early.", Parse("Content-Type: text/plain\n\nGood   morning,\n\n\tit is early.\n").Text);

    [Fact]
    public void Reads_html_as_a_reader_sees_it() =>
        Assert.Equal(
            "Good morning & more",
            Parse("Content-Type: text/html\n\n<html><head><title>no</title><style>p{color:red}</style></head><body><script>no()</script><p>Good</p><p>morning &amp; more</p></body></html>").Text);

    [Fact]
    public void Prefers_plain_text_and_sees_the_attachment()
    {
        var preview = Parse("""
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: multipart/alternative; boundary=c

            --c
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            R3LDvMOfZQ==
            --c
            Content-Type: text/html

            <b>other</b>
            --c--
            --b
            Content-Type: application/pdf; name=a.pdf
            Content-Disposition: attachment; filename=a.pdf

            x
            --b--
            """);

        Assert.Equal(new MessagePreview("Grüße", HasAttachments: true), preview);
    }

    [Fact]
    public void Cuts_at_two_hundred_characters_and_not_inside_one() =>
        Assert.True(Parse("Content-Type: text/plain; charset=utf-8\n\n" + string.Concat(Enumerable.Repeat("😀", 300))).Text.EnumerateRunes().All(rune => rune.Value == 0x1F600));

    [Fact]
    public void Bears_deep_nesting()
    {
        var nested = new StringBuilder();
        for (var i = 0; i < 5000; i++)
            nested.Append("Content-Type: multipart/mixed; boundary=b").Append(i).Append("\r\n\r\n--b").Append(i).Append("\r\n");

        Assert.NotNull(MessagePreview.Parse(Encoding.ASCII.GetBytes(nested.ToString())));
    }

    [Fact]
    public void Bears_a_message_of_nothing_but_parts() =>
        Assert.NotNull(MessagePreview.Parse(Encoding.ASCII.GetBytes("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\n", MessagePreview.MaxOctets / 7)))));

    [Fact]
    public void Bears_any_octets() =>
        Gen.Byte.Array[0, 2000].Sample(octets => MessagePreview.Parse([.. "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"u8, .. octets]) is not null);

    private static MessagePreview Parse(string text) => MessagePreview.Parse(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
}
