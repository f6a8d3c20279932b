using System.IO.Pipelines;
using System.Text;
using MailSuite.Host.Listening.Proxy;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Suite.Tests.Listening;

public sealed class ProxyPreambleTests
{
    private const string Header = "PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n";

    private readonly FakeTimeProvider _clock = new();
    private readonly Pipe _pipe = new();

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task Is_read_whatever_the_pieces_are_and_leaves_the_rest(int piece)
    {
        var reading = ReadAsync();
        foreach (var part in (Header + "EHLO a\r\n").Chunk(piece))
            await SendAsync(new string(part));
        Assert.Equal("192.0.2.1:56324", (await reading)!.Value.Source!.ToString());
        var rest = await _pipe.Reader.ReadAtLeastAsync(8, TestContext.Current.CancellationToken);
        Assert.Equal("EHLO a\r\n", Encoding.ASCII.GetString(rest.Buffer));
    }

    [Fact]
    public async Task Is_none_when_something_else_or_nothing_comes()
    {
        await SendAsync("EHLO a\r\n");
        Assert.Null(await ReadAsync());
        await SendAsync(Header[..20]);
        await _pipe.Writer.CompleteAsync();
        Assert.Null(await ReadAsync());
    }

    [Fact]
    public async Task Must_come_in_its_time()
    {
        await SendAsync(Header[..20]);
        var reading = ReadAsync();
        _clock.Advance(ProxyPreamble.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(reading.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private Task<ProxyHeader?> ReadAsync() => ProxyPreamble.ReadAsync(_pipe.Reader, _clock, TestContext.Current.CancellationToken).AsTask();

    private Task SendAsync(string text) => _pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken).AsTask();
}
