using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

public sealed class IdleTests
{
    [Theory, EveryChunking]
    public Task Waits_until_the_client_is_done(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a IDLE
        S: + Idling.
        C: done
        S: a OK Done.
        C: b IDLE
        S: + Idling.
        C: c NOOP
        S: b BAD IDLE ends with DONE.
        C: d IDLE x
        S: d BAD This command takes no arguments.
        """);

    [Theory, EveryChunking]
    public Task Ends_when_the_client_has_said_nothing_for_half_an_hour(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a IDLE
        S: + Idling.
        T: 00:29:59
        C: DONE
        S: a OK Done.
        C: b IDLE
        S: + Idling.
        T: 00:30:00
        S: * BYE You said nothing for too long.
        S: (closed)
        """);

    [Theory, EveryChunking]
    public Task Ends_when_the_program_stops(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a IDLE
        S: + Idling.
        T: (stop)
        S: * BYE The server stops. Come again.
        S: (closed)
        """);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_wakes_it_again_and_again_under_TLS_and_compressed(bool compressed)
    {
        await using var scene = new ImapScene(tls: new SelfSignedTls());
        var client = await scene.ConnectAsync();
        await client.OkAsync("STARTTLS");
        await client.BeginTlsAsync();
        await client.OkAsync("LOGIN ann@example.org x");
        if (compressed)
        {
            await client.OkAsync("COMPRESS DEFLATE");
            client.BeginCompression();
        }

        await client.OkAsync("SELECT INBOX");
        var tag = await client.BeginAsync("IDLE");
        Assert.Equal("+ Idling.", await client.ReadAsync());
        for (var i = 1; i <= 30; i++)
        {
            await scene.Mda.DeliverAsync(MdaScene.Message(), "ann@example.org");
            Assert.Equal($"* {i} EXISTS", await client.ReadAsync());
        }

        await client.SendAsync("DONE\r\n");
        Assert.Equal($"{tag} OK Done.", await client.ReadAsync());
    }
}
