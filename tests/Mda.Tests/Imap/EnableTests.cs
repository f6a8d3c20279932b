using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

public sealed class EnableTests
{
    [Theory, EveryChunking]
    public Task Switches_on_what_it_knows_and_says_what(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a ENABLE imap4rev2 X-GOOD-IDEA IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: a OK Done.
        C: b ENABLE NOSUCH
        S: * ENABLED
        S: b OK Done.
        """);

    [Theory, EveryChunking]
    public Task Wants_names_of_capabilities(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a ENABLE
        S: a BAD The arguments are not those of this command.
        C: b ENABLE (IMAP4rev2)
        S: b BAD The arguments are not those of this command.
        C: c ENABLE IMAP4rev2 
        S: c BAD The arguments are not those of this command.
        """);

    [Fact]
    public async Task A_capability_that_needs_no_switch_is_not_switched()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        Assert.Equal(["ENABLED"], await client.OkAsync("ENABLE IDLE"));
    }
}
