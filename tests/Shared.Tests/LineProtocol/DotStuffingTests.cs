using System.Buffers;
using System.Text;
using CsCheck;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Shared.Tests.LineProtocol;

public sealed class DotStuffingTests
{
    private const int MaxLine = 100;

    [Theory]
    [InlineData(".\r\n", "")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData("..\r\n.\r\n", ".\r\n")]
    [InlineData("..a\r\n...\r\n.\r\n", ".a\r\n..\r\n")]
    [InlineData("a.b.\r\n.\r\n", "a.b.\r\n")]
    [InlineData("\r\n\r\n.\r\n", "\r\n\r\n")]
    [InlineData(".a\r\n.\r\n", "a\r\n")]
    public void Decodes_to_the_message(string wire, string message)
    {
        foreach (var chunk in new[] { 1, 2, 3, wire.Length })
        {
            var (outcome, text, rest) = Decode(wire + "NOOP\r\n", chunk);
            Assert.Equal(DotOutcome.End, outcome);
            Assert.Equal(message, text);
            Assert.Equal("NOOP\r\n", rest);
        }
    }

    /// <summary>The end sequences that some server somewhere takes for the end: none of them ends a message here (CVE-2023-51764 and its kin).</summary>
    [Theory]
    [InlineData("a\n.\n", DotOutcome.BareLf)]
    [InlineData("a\n.\r\n", DotOutcome.BareLf)]
    [InlineData("a\r\n.\n", DotOutcome.BareLf)]
    [InlineData("a\r.\r", DotOutcome.BareCr)]
    [InlineData("a\r.\r\n", DotOutcome.BareCr)]
    [InlineData("a\r\n.\r\r\n", DotOutcome.BareCr)]
    [InlineData("a\r\n.\rb", DotOutcome.BareCr)]
    [InlineData("a\r\r\n.\r\n", DotOutcome.BareCr)]
    [InlineData("a\n\n.\r\n", DotOutcome.BareLf)]
    [InlineData("a\r\n\n.\r\n", DotOutcome.BareLf)]
    public void Names_what_smuggles(string wire, DotOutcome expected)
    {
        foreach (var chunk in new[] { 1, 2, 3, wire.Length })
            Assert.Equal(expected, Decode(wire, chunk).Outcome);
    }

    [Theory]
    [InlineData("a\r\n\0.\r\n")]
    [InlineData("a\r\n.\0\r\n")]
    [InlineData("a\r\n. \r\n")]
    [InlineData("a\r\n..\r\n")]
    public void Goes_on_where_the_end_only_seems_to_be(string wire) => Assert.Equal(DotOutcome.More, Decode(wire, wire.Length).Outcome);

    [Fact]
    public void Takes_a_line_of_the_limit_and_refuses_one_octet_more()
    {
        var longest = new string('x', MaxLine - 2);
        foreach (var chunk in new[] { 1, 7, 1000 })
        {
            Assert.Equal(DotOutcome.End, Decode(longest + "\r\n" + longest + "\r\n.\r\n", chunk).Outcome);
            Assert.Equal(DotOutcome.LineTooLong, Decode("a\r\n" + longest + "x\r\n.\r\n", chunk).Outcome);
        }
    }

    [Fact]
    public void Encodes_so_that_decoding_gives_the_message_back()
    {
        var line = Gen.String[Gen.Char[".. abc"], 0, 6];
        Gen.Select(line.Array[0, 8], Gen.Int[1, 9], Gen.Int[1, 9]).Sample((lines, encodeChunk, decodeChunk) =>
        {
            var message = string.Concat(lines.Select(l => l + "\r\n"));
            var (outcome, text, rest) = Decode(Encode(message, encodeChunk), decodeChunk);
            return outcome == DotOutcome.End && text == message && rest.Length == 0;
        });
    }

    [Theory]
    [InlineData("", ".\r\n")]
    [InlineData("a", "a\r\n.\r\n")]
    [InlineData("a\r", "a\r\n.\r\n")]
    [InlineData(".", "..\r\n.\r\n")]
    public void Ends_a_message_that_has_no_last_line_end(string message, string wire) => Assert.Equal(wire, Encode(message, 10));

    [Fact]
    public void Takes_any_octets_without_throwing() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 50]).Sample((octets, chunk) =>
    {
        Decode(Encoding.Latin1.GetString(octets), chunk);
    });

    private static (DotOutcome Outcome, string Message, string Left) Decode(string wire, int chunk)
    {
        var octets = Encoding.Latin1.GetBytes(wire);
        var decoder = new DotDecoder(MaxLine);
        var output = new ArrayBufferWriter<byte>();
        var outcome = DotOutcome.More;
        var at = 0;
        while (at < octets.Length && outcome == DotOutcome.More)
        {
            outcome = decoder.Decode(octets.AsSpan(at, Math.Min(chunk, octets.Length - at)), output, out var consumed);
            at += consumed;
        }

        return (outcome, Encoding.Latin1.GetString(output.WrittenSpan), wire[at..]);
    }

    private static string Encode(string message, int chunk)
    {
        var encoder = new DotEncoder();
        var output = new ArrayBufferWriter<byte>();
        foreach (var part in Encoding.Latin1.GetBytes(message).Chunk(chunk))
            encoder.Encode(part, output);
        encoder.Finish(output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
