using System.Text;
using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Tests.Mime;

public sealed class BodyStructureTests
{
    private const string AllFields = "Content-Type: image/png; name=a.png\nContent-ID: <one@example.org>\nContent-Description: A picture\nContent-Transfer-Encoding: base64\nContent-MD5: Q2hlY2s=\nContent-Disposition: inline; filename=a.png\nContent-Language: en (English), de-CH\nContent-Location: http://example.org/a.png\n\nQUJD\n";

    private const string Mixed = "Content-Type: multipart/mixed; boundary=b\nContent-Disposition: inline\nContent-Language: de\nContent-Location: x\n\n--b\n\none\ntwo\n--b\nContent-Type: text/html; charset=utf-8\n\n<b>\n--b--\n";

    private const string Forwarded = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\nContent-MD5: x\n\nSubject: inner\n\nbody\n--b--\n";

    [Fact]
    public void Describes_a_message_without_mime_as_text() => Assert.Equal(
        "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 6 1 NIL NIL NIL NIL)", MimeScene.Structure("Subject: x\n\nbody\n"));

    [Fact]
    public void Has_every_field_of_a_leaf()
    {
        Assert.Equal(
            "(\"image\" \"png\" (\"name\" \"a.png\") \"<one@example.org>\" \"A picture\" \"base64\" 6 \"Q2hlY2s=\" (\"inline\" (\"filename\" \"a.png\")) (\"en\" \"de-CH\") \"http://example.org/a.png\")",
            MimeScene.Structure(AllFields));
        Assert.Equal("(\"image\" \"png\" (\"name\" \"a.png\") \"<one@example.org>\" \"A picture\" \"base64\" 6)", MimeScene.Body(AllFields));
    }

    [Fact]
    public void Has_the_parts_of_a_multipart_and_its_own_fields()
    {
        Assert.Equal(
            "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 8 1 NIL NIL NIL NIL)(\"text\" \"html\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 3 0 NIL NIL NIL NIL) \"mixed\" (\"boundary\" \"b\") (\"inline\" NIL) (\"de\") \"x\")",
            MimeScene.Structure(Mixed));
        Assert.Equal("((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 8 1)(\"text\" \"html\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 3 0) \"mixed\")", MimeScene.Body(Mixed));
    }

    [Theory]
    [InlineData("rfc822")]
    [InlineData("global")]
    public void Has_the_envelope_and_the_structure_of_an_encapsulated_message(string subtype)
    {
        var mail = Forwarded.Replace("rfc822", subtype, StringComparison.Ordinal);

        Assert.Equal(
            $"((\"message\" \"{subtype}\" NIL NIL NIL \"7bit\" 22 (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL) (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 0 NIL NIL NIL NIL) 2 \"x\" NIL NIL NIL) \"mixed\" (\"boundary\" \"b\") NIL NIL NIL)",
            MimeScene.Structure(mail));
        Assert.Equal(
            $"((\"message\" \"{subtype}\" NIL NIL NIL \"7bit\" 22 (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL) (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 0) 2) \"mixed\")",
            MimeScene.Body(mail));
    }

    [Fact]
    public void Shows_an_empty_text_where_a_multipart_has_no_part() => Assert.Equal(
        "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0) \"mixed\")", MimeScene.Body("Content-Type: multipart/mixed; boundary=b\n\nnothing\n"));

    [Fact]
    public void Calls_a_part_of_a_digest_a_message() =>
        Assert.StartsWith("((\"message\" \"rfc822\" ", MimeScene.Body("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n\n--b--\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("name*0=one; name*1=\" two\"", "\"name\" \"one two\"")]
    [InlineData("name*1=two; name*0=one", "\"name\" \"onetwo\"")]
    [InlineData("name*0=one; name*2=three", "\"name*0\" \"one\" \"name*2\" \"three\"")]
    [InlineData("name*=utf-8''%e2%82%ac", "\"name*\" \"utf-8''%e2%82%ac\"")]
    [InlineData("name*0*=utf-8''%e2%82%ac; name*1=\" a\"", "\"name*\" \"utf-8''%e2%82%ac%20a\"")]
    [InlineData("name*0=\" a\"; name*1*=%41", "\"name*\" \"''%20a%41\"")]
    [InlineData("name=\"Gr\u00fc\u00dfe\"", "\"name\" {5}\r\nGr\u00fc\u00dfe")]
    [InlineData("name=\"a;\\\"b\\\"\" (comment); x = y", "\"name\" \"a;\\\"b\\\"\" \"x\" \"y\"")]
    public void Joins_and_keeps_parameters(string parameters, string list) =>
        Assert.Equal($"(\"application\" \"x\" ({list}) NIL NIL \"7bit\" 0)", MimeScene.Body($"Content-Type: application/x; {parameters}\n\n"));

    [Theory]
    [InlineData(MimeLimits.MaxParameters)]
    [InlineData(MimeLimits.MaxParameters + 1)]
    public void Lists_no_more_parameters_than_its_limit(int count)
    {
        var structure = MimeScene.Structure($"Content-Type: application/x{string.Concat(Enumerable.Range(1, count).Select(i => $";p{i}=v"))}\n\n");

        Assert.Contains($"\"p{MimeLimits.MaxParameters}\"", structure, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"p{MimeLimits.MaxParameters + 1}\"", structure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MimeLimits.MaxParameters)]
    [InlineData(MimeLimits.MaxParameters + 1)]
    public void Lists_no_more_languages_than_its_limit(int count)
    {
        var structure = MimeScene.Structure($"Content-Language: {string.Join(',', Enumerable.Range(1, count).Select(i => $"x-{i}"))}\n\n");

        Assert.Contains($"\"x-{MimeLimits.MaxParameters}\"", structure, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"x-{MimeLimits.MaxParameters + 1}\"", structure, StringComparison.Ordinal);
    }

    [Fact]
    public void Makes_of_a_thousand_levels_as_many_as_its_limit()
    {
        var mail = string.Concat(Enumerable.Range(0, 1000).Select(i => $"Content-Type: multipart/mixed; boundary={i}a\n\n--{i}a\n"));
        var structure = MimeScene.Structure(mail);

        Assert.Equal(MimeLimits.MaxDepth, Encoding.Latin1.GetBytes(structure).AsSpan().Count("\"mixed\""u8));
        Assert.Contains("(\"application\" \"octet-stream\" (\"boundary\" \"100a\")", structure, StringComparison.Ordinal);
    }
}
