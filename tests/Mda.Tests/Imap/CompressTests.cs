using System.IO.Compression;
using MailSuite.Mda.Imap;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

public sealed class CompressTests
{
    [Fact]
    public async Task Everything_behind_its_answer_is_deflated()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        Assert.Contains("COMPRESS=DEFLATE", (await client.OkAsync("CAPABILITY"))[0], StringComparison.Ordinal);
        Assert.Equal("OK From here on.", await client.AnswerOkAsync("COMPRESS deflate"));
        client.BeginCompression();
        for (var i = 0; i < 5; i++)
            Assert.Equal("OK Done.", await client.AnswerOkAsync("NOOP"));
        Assert.DoesNotContain("COMPRESS", (await client.OkAsync("CAPABILITY"))[0], StringComparison.Ordinal);
        Assert.Equal("NO [COMPRESSIONACTIVE] It is compressed already.", await client.NoAsync("COMPRESS DEFLATE"));
        Assert.Equal("* BYE Until next time.", (await client.CommandAsync("LOGOUT"))[0]);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task IDLE_is_heard_at_once_through_it_and_under_TLS()
    {
        await using var scene = new ImapScene(tls: new SelfSignedTls());
        var client = await scene.ConnectAsync();
        await client.OkAsync("STARTTLS");
        await client.BeginTlsAsync();
        await client.OkAsync("LOGIN ann@example.org x");
        await client.OkAsync("COMPRESS DEFLATE");
        client.BeginCompression();
        for (var i = 0; i < 3; i++)
        {
            var tag = await client.BeginAsync("IDLE");
            Assert.Equal("+ Idling.", await client.ReadAsync());
            await client.SendAsync("DONE\r\n");
            Assert.Equal($"{tag} OK Done.", await client.ReadAsync());
        }
    }

    [Fact]
    public async Task Commands_in_flight_by_the_thousand_are_all_answered()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("COMPRESS DEFLATE");
        client.BeginCompression();
        const int Commands = 5_000;
        var sending = client.SendAsync(string.Concat(Enumerable.Range(0, Commands).Select(i => $"x{i} CAPABILITY\r\n")));
        for (var i = 0; i < Commands; i++)
        {
            Assert.StartsWith("* CAPABILITY ", await client.ReadAsync(), StringComparison.Ordinal);
            Assert.Equal($"x{i} OK That is all.", await client.ReadAsync());
        }

        await sending;
    }

    [Fact]
    public async Task What_is_no_deflate_ends_the_session()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await client.OkAsync("COMPRESS DEFLATE");
        await client.SendAsync("\u0007\u0007\u0007 NOOP\r\n");
        await client.Serving.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Empty(scene.Log.Errors);
    }

    [Fact]
    public async Task Wants_DEFLATE_and_somebody_who_has_signed_in()
    {
        await using var scene = new ImapScene();
        var client = await scene.ConnectAsync();
        await client.BadAsync("COMPRESS DEFLATE");
        await client.OkAsync("LOGIN ann@example.org x");
        Assert.Equal("NO There is only DEFLATE.", await client.NoAsync("COMPRESS LZ4"));
        await client.BadAsync("COMPRESS");
        await client.BadAsync("COMPRESS DEFLATE x");
    }

    [Fact]
    public async Task A_signal_that_comes_while_it_is_switched_on_breaks_nothing()
    {
        var transports = new ConnectedTransports();
        await using var connection = new ImapConnection(transports.Server, new ImapOptions(), TimeProvider.System, CancellationToken.None);
        connection.Signal();
        await connection.CompressAsync(TestContext.Current.CancellationToken);
        await using (var deflating = new DeflateStream(transports.Client.Output.AsStream(), CompressionLevel.Fastest))
            await deflating.WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);

        var read = await connection.ReadAsync();
        Assert.Equal("hello"u8.ToArray(), System.Buffers.BuffersExtensions.ToArray(read.Buffer));
        connection.Consume(read.Buffer.End, read.Buffer.End);
        Assert.True(connection.IsSignalled);
    }
}
