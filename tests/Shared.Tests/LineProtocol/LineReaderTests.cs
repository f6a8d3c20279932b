using System.Text;
using CsCheck;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;

namespace MailSuite.Shared.Tests.LineProtocol;

public sealed class LineReaderTests
{
    private const int Limit = 20;

    public static TheoryData<Chunking> EveryChunking => [Chunking.WholeTurn, Chunking.ByteByByte];

    [Theory, MemberData(nameof(EveryChunking))]
    public async Task Reads_line_after_line(Chunking chunking) =>
        Assert.Equal(["Line:NOOP", "Line:", "Line:QUIT", "EndOfStream:"], await ReadAllAsync("NOOP\r\n\r\nQUIT\r\nhalf", chunking));

    [Theory, MemberData(nameof(EveryChunking))]
    public async Task Takes_a_line_of_the_limit_and_refuses_one_octet_more(Chunking chunking)
    {
        var longest = new string('x', Limit - 2);
        Assert.Equal(["Line:" + longest, "EndOfStream:"], await ReadAllAsync(longest + "\r\n", chunking));
        Assert.Equal("TooLong:", (await ReadAllAsync(longest + "x\r\n", chunking))[0]);
    }

    [Theory]
    [InlineData("a\nb\r\n", Chunking.WholeTurn)]
    [InlineData("a\nb\r\n", Chunking.ByteByByte)]
    [InlineData("a\rb\r\n", Chunking.WholeTurn)]
    [InlineData("\n", Chunking.WholeTurn)]
    [InlineData("a\r\r\n", Chunking.WholeTurn)]
    [InlineData("a\r\r\n", Chunking.ByteByByte)]
    public async Task Never_takes_a_bare_CR_or_LF_for_a_line_end(string sent, Chunking chunking) =>
        Assert.Equal("BareLineEnding:", (await ReadAllAsync(sent, chunking))[0]);

    [Fact]
    public async Task Gives_up_when_it_is_interrupted_and_reads_on_afterwards()
    {
        await using var transports = new ConnectedTransports();
        var reader = new LineReader(transports.Server, Limit);
        await transports.SendAsync("NO"u8.ToArray(), TestContext.Current.CancellationToken);
        var waiting = reader.ReadAsync(TestContext.Current.CancellationToken);
        transports.Server.Input.CancelPendingRead();
        Assert.Equal(LineOutcome.Interrupted, (await waiting).Outcome);

        await transports.SendAsync("OP\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("NOOP", Encoding.ASCII.GetString((await reader.ReadAsync(TestContext.Current.CancellationToken)).Octets.Span));
    }

    [Fact]
    public void Decodes_utf8_strictly()
    {
        Assert.True(LineReader.TryDecode("jörg"u8, out var text));
        Assert.Equal("jörg", text);
        Assert.False(LineReader.TryDecode([0x6A, 0xF6, 0x72], out _));
        Assert.False(LineReader.TryDecode([0xC0, 0xAF], out _));
    }

    [Fact]
    public async Task Reads_any_octets_to_their_end()
    {
        foreach (var octets in Gen.Byte.Array[0, 200].Array[50].Single())
            Assert.NotEmpty(await ReadAllAsync(Encoding.Latin1.GetString(octets) + "\r\n", Chunking.WholeTurn));
    }

    private static async Task<List<string>> ReadAllAsync(string sent, Chunking chunking)
    {
        await using var transports = new ConnectedTransports(chunking);
        var sending = SendAndCloseAsync(transports, sent);
        var reader = new LineReader(transports.Server, Limit);
        var lines = new List<string>();
        LineRead read;
        do
        {
            read = await reader.ReadAsync(TestContext.Current.CancellationToken);
            lines.Add($"{read.Outcome}:{Encoding.Latin1.GetString(read.Octets.Span)}");
        }
        while (read.Outcome != LineOutcome.EndOfStream);

        await sending;
        return lines;
    }

    private static async Task SendAndCloseAsync(ConnectedTransports transports, string sent)
    {
        await transports.SendAsync(Encoding.Latin1.GetBytes(sent), TestContext.Current.CancellationToken);
        await transports.Client.Output.CompleteAsync();
    }
}
