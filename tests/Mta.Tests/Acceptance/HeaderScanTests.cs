using System.Text;
using MailSuite.Mta.Acceptance;

namespace MailSuite.Mta.Tests.Acceptance;

public sealed class HeaderScanTests
{
    [Fact]
    public void Reads_the_fields_that_matter()
    {
        var header = Scan("Received: a\r\n\tb\r\nDATE: x\r\nMessage-Id: <1@a>\r\nSubject: one\r\n two\r\nReceived: c\r\n\r\nReceived: body\r\nSubject: body\r\n");
        Assert.Equal(new HeaderScan(2, HasNul: false, Octets: 78, Fields: 5, LongestLineOctets: 19, IsEmpty: false, BeginsWithField: true, HasDate: true, HasFrom: false, "1@a", "one two"), header);
    }

    [Theory]
    [InlineData("Subject: =?utf-8?b?w7xiZXI=?= uns", "über uns")]
    [InlineData("Subject: grüße", "grüße")]
    [InlineData("Subject:", "")]
    [InlineData("Subject: a\0b\u001bc", "a b c")]
    [InlineData("Subject : obsolete blank", "obsolete blank")]
    [InlineData("subject: first\r\nSubject: second", "first")]
    [InlineData("X-Subject: other", null)]
    [InlineData("Subject other", null)]
    public void Shows_the_subject_decoded_and_harmless(string header, string? subject) => Assert.Equal(subject, Scan(header + "\r\n\r\n").Subject);

    [Theory]
    [InlineData("", false, true)]
    [InlineData("\r\nbody", false, true)]
    [InlineData("Subject: x", true, false)]
    [InlineData("no header\r\n", false, false)]
    [InlineData("two words: no field name\r\n", false, false)]
    [InlineData(" Subject: folded from nothing\r\n", false, false)]
    [InlineData(": no name\r\n", false, false)]
    public void Knows_text_without_a_header(string message, bool beginsWithField, bool isEmpty)
    {
        var header = Scan(message);
        Assert.Equal((beginsWithField, isEmpty), (header.BeginsWithField, header.IsEmpty));
    }

    [Theory]
    [InlineData("A: b\0\r\n\r\n", true)]
    [InlineData("A: b\r\n\r\n\0", false)]
    [InlineData("\0", true)]
    public void Finds_a_NUL_in_the_header_only(string message, bool found) => Assert.Equal(found, Scan(message).HasNul);

    [Fact]
    public void Shows_no_more_of_a_field_than_a_line() => Assert.Equal(997, Scan("Subject: " + new string('x', 5000) + "\r\n\r\n").Subject!.Length);

    private static HeaderScan Scan(string message) => HeaderScan.Of(Encoding.UTF8.GetBytes(message));

    [Fact]
    public void Shows_no_control_character_that_an_encoded_word_has_hidden()
    {
        Assert.Equal("a b", HeaderScan.Of("Subject: =?utf-8?q?a=0Ab=0D?=\r\n\r\n"u8).Subject);
        Assert.Equal("P", HeaderScan.Of("Subject:=?u?b?A1AA?="u8).Subject);
    }
}
