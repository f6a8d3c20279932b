using System.Text;
using CsCheck;
using MailSuite.Mda.Pop3.Grammar;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>The grammar alone: tables, and octets at random that must never throw.</summary>
public sealed class GrammarTests
{
    private static readonly string[] Pieces = ["\r\n", "\n", "\r", "a", ".", "Subject: x\r\n", "\r\n\r\n"];

    [Theory]
    [InlineData("NOOP", "NOOP", "")]
    [InlineData("PASS a b ", "PASS", "a b ")]
    [InlineData("PASS  x", "PASS", " x")]
    [InlineData(" STAT", "", "STAT")]
    [InlineData("", "", "")]
    public void Splits_at_the_first_space(string line, string keyword, string arguments)
    {
        var split = CommandLine.Split(line);
        Assert.Equal((keyword, arguments), (split.Keyword.ToString(), split.Arguments.ToString()));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("007", 7)]
    [InlineData("12 ", 12)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("99999999999999999999", int.MaxValue)]
    [InlineData("0", 0)]
    [InlineData("-1", 0)]
    [InlineData("1.", 0)]
    [InlineData("", 0)]
    [InlineData("١", 0)]
    public void Reads_numbers_of_digits_only(string text, int value)
    {
        Assert.Equal(value > 0, MessageNumber.TryParse(text, out var number));
        if (value > 0)
            Assert.Equal(value, number.Value);
    }

    /// <summary>The model looks at the whole message at once.</summary>
    [Fact]
    public void The_top_is_the_same_however_the_message_comes() =>
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 20], Gen.Int[0, 4], Gen.Int[1, 5]).Sample((parts, lines, block) =>
        {
            var message = Encoding.ASCII.GetBytes(string.Concat(parts));
            var top = new TopOfMessage(lines);
            var taken = 0;
            foreach (var piece in message.Chunk(block))
            {
                var count = top.Take(piece);
                taken += count;
                if (count < piece.Length)
                    Assert.True(top.IsOver);
                if (top.IsOver)
                    break;
            }

            Assert.Equal(Model(message, lines), taken);
        }, iter: 5_000);

    [Fact]
    public void Never_throws() => Gen.String.Sample(text =>
    {
        _ = CommandLine.Split(text);
        _ = CommandLine.HasControls(text);
        _ = MessageNumber.TryParse(text, out _);
        _ = MessageNumber.TryParseTop(text, out _, out _);
    });

    private static int Model(byte[] message, int lines)
    {
        var at = 0;
        var inBody = false;
        while (at < message.Length)
        {
            var end = Array.IndexOf(message, (byte)'\n', at);
            if (end < 0)
                return message.Length;
            var line = Encoding.ASCII.GetString(message, at, end - at);
            at = end + 1;
            if (inBody)
                lines--;
            else
                inBody = line is "" or "\r";
            if (inBody && lines <= 0)
                return at;
        }

        return at;
    }
}
