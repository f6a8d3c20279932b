using System.IO.Pipelines;
using System.Text;
using MailSuite.Mda.Imap;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap;

public sealed class ImapWriterTests
{
    [Theory]
    [InlineData("abc", "\"abc\"")]
    [InlineData("", "\"\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("a\r\nb", "{4}\r\na\r\nb")]
    [InlineData("gr\u00fcn", "{5}\r\ngr\u00fcn")]
    public void A_string_is_quoted_where_it_can_be(string text, string wire) => Assert.Equal(wire, Written(writer => writer.String(text)));

    [Fact]
    public void With_UTF_8_switched_on_more_can_be()
    {
        Assert.Equal("\"gr\u00fcn\"", Written(writer => writer.String("gr\u00fcn"), utf8: true));
        Assert.Equal("{1}\r\n\u00ff", Encoding.Latin1.GetString(Octets(writer => writer.String([0xFF]), utf8: true)));
        Assert.Equal("{3}\r\na\0b", Written(writer => writer.String("a\0b"), utf8: true));
    }

    [Fact]
    public void Long_text_goes_as_a_literal()
    {
        Assert.StartsWith("\"", Written(writer => writer.String(new string('x', 1024))), StringComparison.Ordinal);
        Assert.StartsWith("{1025}\r\n", Written(writer => writer.String(new string('x', 1025))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INBOX", "INBOX")]
    [InlineData("nil", "\"nil\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("", "\"\"")]
    [InlineData("a]", "\"a]\"")]
    public void An_astring_is_an_atom_where_it_can_be(string text, string wire) => Assert.Equal(wire, Written(writer => writer.AString(text)));

    [Fact]
    public void Names_of_mailboxes_are_written_as_the_session_has_them()
    {
        Assert.Equal("Entw&APw-rfe", Written(writer => writer.Mailbox("Entw\u00fcrfe")));
        Assert.Equal("\"Entw\u00fcrfe\"", Written(writer => writer.Mailbox("Entw\u00fcrfe"), utf8: true));
    }

    [Fact]
    public void Sets_and_flags()
    {
        Assert.Equal("1,4:6,4294967295", Written(writer => writer.Set([1, 4, 5, 6, uint.MaxValue])));
        Assert.Equal("(\\Answered \\Seen $Forwarded a b)", Written(writer => writer.Flags(MessageFlags.Seen | MessageFlags.Answered | MessageFlags.Forwarded, "a b")));
        Assert.Equal("()", Written(writer => writer.Flags(MessageFlags.None, "")));
    }

    [Fact]
    public void Answers()
    {
        Assert.Equal("a1 OK [READ-WRITE] Done.\r\n", Written(writer => writer.Answer("a1"u8, ImapAnswer.Ok("Done.", "READ-WRITE"))));
        Assert.Equal("* BAD x\r\n", Written(writer => writer.Answer(default, ImapAnswer.Bad("x"))));
    }

    [Fact]
    public void It_knows_whether_a_response_is_whole()
    {
        Written(writer =>
        {
            Assert.False(writer.IsInLine);
            writer.Raw("* 1 FETCH (BODY[] "u8);
            Assert.True(writer.IsInLine);
            writer.LiteralHeader(5);
            Assert.True(writer.IsInLiteral);
            writer.Raw("hell"u8);
            Assert.True(writer.IsInLiteral);
            writer.Raw("o"u8);
            Assert.False(writer.IsInLiteral);
            writer.Raw(")\r\n"u8);
            Assert.False(writer.IsInLine);
        });
    }

    private static string Written(Action<ImapWriter> write, bool utf8 = false) => Encoding.UTF8.GetString(Octets(write, utf8));

    private static byte[] Octets(Action<ImapWriter> write, bool utf8 = false)
    {
        using var stream = new MemoryStream();
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        var writer = new ImapWriter(static _ => ValueTask.CompletedTask) { Utf8 = utf8 };
        writer.Use(output);
        write(writer);
        writer.Settle();
        output.Complete();
        return stream.ToArray();
    }
}
