using System.Text;
using CsCheck;
using MailSuite.Mua.Reading;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Content;

namespace MailSuite.Mua.Tests.Reading;

public sealed class ReadableMessageTests
{
    [Fact]
    public async Task Shows_one_form_of_an_alternative_and_hides_the_pictures_that_belong_to_it()
    {
        using var message = await Samples.ReadAsync(Samples.Newsletter);

        Assert.Equal("The plain form.", message.ReadText(out var isCut).Trim());
        Assert.False(isCut);
        Assert.Contains("<b>HTML</b>", message.ReadHtml(), StringComparison.Ordinal);
        var attachment = Assert.Single(message.Attachments);
        Assert.Equal((4, "_.._evil.html", "text/html"), (attachment.Number, attachment.Name, attachment.ContentType));
        Assert.Equal(3, message.PictureNumbers()["pic"]);
    }

    [Fact]
    public async Task Shows_texts_one_after_the_other()
    {
        using var message = await Samples.ReadAsync("""
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            One
            --b
            Content-Type: text/plain

            Two
            --b--
            """);

        Assert.Equal("One\nTwo", message.ReadText(out _).ReplaceLineEndings("\n").Trim());
        Assert.Empty(message.Attachments);
    }

    /// <summary>BODY=BINARYMIME (RFC 3030 §3): octets that are no lines, in a part and between the lines.</summary>
    [Fact]
    public async Task Reads_a_binary_message()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        byte[] octets =
        [
            .. "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: binary\r\n\r\nGr\u00FC\u00DFe\nhere\r\n--b\r\n"u8,
            .. "Content-Type: application/octet-stream; name=all.bin\r\nContent-Transfer-Encoding: binary\r\n\r\n"u8, .. all, .. "\r\n--b--\r\n"u8,
        ];
        using var message = await ReadableMessage.OpenAsync(new MemoryContent(octets), CancellationToken.None);

        Assert.Equal("Gr\u00FC\u00DFe\nhere", message.ReadText(out _).ReplaceLineEndings("\n").Trim());
        Assert.Equal("all.bin", Assert.Single(message.Attachments).Name);
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", "Gr\u00FC\u00DFe", "utf-8")]
    [InlineData("text/plain; charset=windows-1252", "\u201EGr\u00FC\u00DFe\u201C", "windows-1252")]
    [InlineData("text/plain; charset=iso-2022-jp", "\u65E5\u672C\u8A9E", "iso-2022-jp")]
    [InlineData("text/plain", "Gr\u00FC\u00DFe", "utf-8")]
    [InlineData("text/plain; charset=us-ascii", "Gr\u00FC\u00DFe", "iso-8859-1")]
    [InlineData("text/plain; charset=no-such-charset", "Gr\u00FC\u00DFe", "utf-8")]
    public async Task Reads_the_charset(string contentType, string expected, string charset)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        byte[] octets = [.. Encoding.ASCII.GetBytes($"Content-Type: {contentType}\r\n\r\n"), .. Encoding.GetEncoding(charset).GetBytes(expected)];
        using var message = await ReadableMessage.OpenAsync(new MemoryContent(octets), CancellationToken.None);

        Assert.Equal(expected, message.ReadText(out _).Trim());
    }

    [Fact]
    public async Task Joins_flowed_lines()
    {
        using var message = await Samples.ReadAsync("Content-Type: text/plain; format=flowed\n\nOne long \nline.\n");
        Assert.Equal("One long line.", message.ReadText(out _).Trim());
    }

    [Fact]
    public async Task Makes_text_of_html_where_there_is_no_other()
    {
        using var message = await Samples.ReadAsync("Content-Type: text/html\n\n<style>x{}</style><p>Hello&nbsp;<a href='https://example.org/x'>there</a></p><ul><li>one<li>two</ul>");
        Assert.Equal("Hello\u00A0there <https://example.org/x>\n\n- one\n- two", message.ReadText(out _));
    }

    [Fact]
    public async Task Cuts_a_text_without_end_and_says_so()
    {
        using var message = await Samples.ReadAsync("Content-Type: text/plain\n\n" + new string('x', ReadingLimits.MaxTextOctets + 10));

        Assert.Equal(ReadingLimits.MaxTextOctets, message.ReadText(out var isCut).Length);
        Assert.True(isCut);
    }

    [Fact]
    public async Task Shows_no_html_that_is_too_large()
    {
        using var message = await Samples.ReadAsync("Content-Type: text/html\n\n" + new string('x', ReadingLimits.MaxHtmlOctets + 10));

        Assert.False(message.HasHtml);
        Assert.Null(message.ReadHtml());
    }

    [Fact]
    public async Task Names_a_message_inside_the_message()
    {
        using var message = await Samples.ReadAsync("""
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: message/rfc822

            Subject: Inner/one

            text
            --b--
            """);

        Assert.Equal("Inner_one.eml", Assert.Single(message.Attachments).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no header at all, only words")]
    [InlineData("\n\nbody")]
    [InlineData("Content-Type: multipart/mixed\n\nno boundary")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\n--b")]
    public async Task Reads_what_is_hardly_a_message(string octets)
    {
        using var message = await Samples.ReadAsync(octets);
        Assert.NotNull(message.ReadText(out _));
    }

    [Fact]
    public async Task Survives_parts_inside_parts_without_end()
    {
        var octets = new StringBuilder();
        for (var i = 0; i < 5000; i++)
            octets.Append($"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n");
        using var message = await Samples.ReadAsync(octets.ToString());
        Assert.NotNull(message.ReadText(out _));
    }

    [Fact]
    public async Task Numbers_so_many_parts_and_no_more()
    {
        var octets = "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\nContent-Type: image/png\n\nx\n", ReadingLimits.MaxParts + 5)) + "--b--";
        using var message = await Samples.ReadAsync(octets);

        Assert.Equal(ReadingLimits.MaxParts, message.Attachments.Count);
        Assert.Null(message.FindPart(ReadingLimits.MaxParts + 1));
        Assert.Null(message.FindPart(0));
    }

    [Fact]
    public void Takes_any_octets_without_throwing()
    {
        var words = Pieces.Of(30, "Content-Type: ", "multipart/mixed; boundary=b", "text/html", "--b\r\n", "\r\n\r\n", "\r\n", "Content-Transfer-Encoding: base64\r\n", "charset=\"", "=?utf-8?q?", "<p>", "message/rfc822", "\0", "\u00FF");
        Gen.Select(words, Gen.Byte.Array[0, 60]).Sample((text, octets) =>
        {
            byte[] all = [.. Encoding.Latin1.GetBytes(text), .. octets];
            using var message = ReadableMessage.OpenAsync(new MemoryContent(all), CancellationToken.None).GetAwaiter().GetResult();
            _ = message.ReadText(out _);
            _ = message.ReadHtml();
            return message.Attachments.All(a => a.Name.Length > 0 && a.CountOctets() >= 0) && message.Headers.Count() >= 0;
        });
    }
}
