using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

public sealed class StartTlsTests
{
    [Theory, EveryChunking]
    public Task Encrypts_and_then_lets_people_sign_in(Chunking chunking) => ImapScene.PlayAsync(chunking, """
        S: * OK [CAPABILITY * STARTTLS LOGINDISABLED] MailSuite is ready.
        C: a LOGIN ann@example.org secret
        S: a NO [PRIVACYREQUIRED] First STARTTLS.
        C: b AUTHENTICATE PLAIN
        S: b NO [PRIVACYREQUIRED] First STARTTLS.
        C: c STARTTLS
        S: c OK Begin TLS.
        C: (TLS)
        C: d CAPABILITY
        S: * CAPABILITY * AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN
        S: d OK That is all.
        C: e STARTTLS
        S: e BAD TLS is on already.
        C: f LOGIN ann@example.org secret
        S: f OK [CAPABILITY *] Signed in.
        """, options => options with { AllowPlaintextAuthentication = false }, new SelfSignedTls());

    [Theory, EveryChunking]
    public Task What_was_said_in_clear_behind_it_is_dropped(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C: a STARTTLS x
        S: a BAD This command takes no arguments.
        C: b STARTTLS
        S: b OK Begin TLS.
        C: (TLS)
        C: c NOOP
        S: c OK Done.
        """, tls: new SelfSignedTls());

    [Theory, EveryChunking]
    public Task Says_NO_while_there_is_no_certificate(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C: a STARTTLS
        S: a NO [UNAVAILABLE] There is no certificate for now.
        """, tls: new SelfSignedTls { IsAvailable = false });

    [Fact]
    public async Task Lines_that_are_pipelined_behind_it_are_nobodys()
    {
        await using var scene = new ImapScene(tls: new SelfSignedTls());
        var client = await scene.ConnectAsync();
        await client.SendAsync("a STARTTLS\r\nb LOGIN mallory@example.org x\r\n");
        Assert.Equal("a OK Begin TLS.", await client.ReadAsync());
        await client.BeginTlsAsync();
        Assert.Equal("OK Done.", await client.AnswerOkAsync("NOOP"));
        Assert.StartsWith("BAD Sign in first.", await client.BadAsync("ENABLE IMAP4rev2"), StringComparison.Ordinal);
    }
}
