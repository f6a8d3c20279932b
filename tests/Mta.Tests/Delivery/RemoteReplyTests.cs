using CsCheck;
using MailSuite.Mta.Delivery;

namespace MailSuite.Mta.Tests.Delivery;

public sealed class RemoteReplyTests
{
    [Theory]
    [InlineData("250 ok", 250, true, "ok")]
    [InlineData("250-more", 250, false, "more")]
    [InlineData("250", 250, true, "")]
    [InlineData("250 ", 250, true, "")]
    [InlineData("250-", 250, false, "")]
    public void Reads_a_line(string line, int code, bool last, string text)
    {
        Assert.True(RemoteReply.TryReadLine(line, out var actualCode, out var actualLast, out var actualText));
        Assert.Equal((code, last, text), (actualCode, actualLast, actualText));
    }

    [Theory]
    [InlineData("")]
    [InlineData("25")]
    [InlineData("150 too low")]
    [InlineData("650 too high")]
    [InlineData("2500 four")]
    [InlineData("25x ok")]
    [InlineData("٢٥٠ ok")]
    [InlineData("250:ok")]
    public void Refuses_what_is_no_reply(string line) => Assert.False(RemoteReply.TryReadLine(line, out _, out _, out _));

    [Fact]
    public void Never_throws() => Gen.String.Sample(line =>
    {
        RemoteReply.TryReadLine(line, out _, out _, out var text);
        return new RemoteReply(250, [text, line]).ToString().StartsWith("250-", StringComparison.Ordinal) && ServerExtensions.Read([text, line]) is not null;
    });

    [Fact]
    public void Reads_extensions_without_regard_to_case()
    {
        var offered = ServerExtensions.Read(["there.test", "pipelining", "SIZE", "8BitMime", "X-UNKNOWN a b", ""]);

        Assert.True(offered.Pipelining && offered.Size && offered.EightBitMime);
        Assert.Equal(0, offered.MaxOctets);
        Assert.False(offered.StartTls || offered.SmtpUtf8);
        Assert.Equal(0, ServerExtensions.Read(["x", "SIZE 99999999999999999999"]).MaxOctets);
    }

    [Fact]
    public void Shows_the_beginning_of_a_reply_without_measure()
    {
        var reply = new RemoteReply(550, [.. Enumerable.Repeat(new string('x', 2000), 100)]);

        Assert.StartsWith("550-xxx", reply.ToString(), StringComparison.Ordinal);
        Assert.Equal(4001, reply.ToString().Length);
    }
}
