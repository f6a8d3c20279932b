using System.Buffers;
using System.Text;
using CsCheck;
using MailSuite.Mua.Cli.Sendmail;

namespace MailSuite.Mua.Tests.Cli;

public sealed class InputLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a\r\n")]
    [InlineData("a\n", "a\r\n")]
    [InlineData("a\r\n", "a\r\n")]
    [InlineData("a\r", "a\r\n")]
    [InlineData("a\rb", "a\r\nb\r\n")]
    [InlineData("a\r\r\nb\n", "a\r\nb\r\n")]
    [InlineData("a\r\rb\n", "a\r\n\r\nb\r\n")]
    [InlineData("a\n\r\nb", "a\r\n\r\nb\r\n")]
    [InlineData("\n\n", "\r\n\r\n")]
    [InlineData("..\n.a\n", "..\r\n.a\r\n")]
    public void Every_line_ends_with_CRLF_whatever_ended_it(string input, string output)
    {
        Assert.Equal(output, Convert(dotEnds: true, input).Text);
        Assert.Equal(output, Convert(dotEnds: false, input).Text);
    }

    [Theory]
    [InlineData("a\n.\nb\n", "a\r\n")]
    [InlineData("a\r\n.\r\nb\r\n", "a\r\n")]
    [InlineData(".\n", "")]
    [InlineData("a\n.", "a\r\n")]
    [InlineData("a\n.\r", "a\r\n")]
    public void A_line_with_a_dot_ends_the_message_unless_it_may_not(string input, string output)
    {
        Assert.Equal((output, true), Convert(dotEnds: true, input));
        Assert.NotEqual(output, Convert(dotEnds: false, input).Text);
    }

    [Fact]
    public void However_the_input_is_cut_the_output_is_the_same() =>
        Gen.Select(Gen.String[Gen.Char["\r\n.ab"], 0, 40], Gen.Int[1, 5], Gen.Bool).Sample((text, size, dotEnds) =>
        {
            var whole = Convert(dotEnds, text);
            Assert.Equal(whole, Convert(dotEnds, [.. text.Chunk(size).Select(part => new string(part))]));
            var lines = whole.Text.Replace("\r\n", "", StringComparison.Ordinal);
            Assert.DoesNotContain('\r', lines);
            Assert.DoesNotContain('\n', lines);
        });

    private static (string Text, bool IsEnded) Convert(bool dotEnds, params string[] input)
    {
        var lines = new InputLines(dotEnds);
        var output = new ArrayBufferWriter<byte>();
        foreach (var part in input)
            lines.Convert(Encoding.Latin1.GetBytes(part), output);
        lines.Finish(output);
        return (Encoding.Latin1.GetString(output.WrittenSpan), lines.IsEnded);
    }
}
