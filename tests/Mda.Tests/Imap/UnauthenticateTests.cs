using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

public sealed class UnauthenticateTests
{
    [Theory, EveryChunking]
    public Task Lets_somebody_else_sign_in_with_nothing_enabled(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a UNAUTHENTICATE x
        S: a BAD This command takes no arguments.
        C: b ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: b OK Done.
        C: c UNAUTHENTICATE
        S: c OK [CAPABILITY * AUTH=PLAIN *] Who are you?
        C: d UNAUTHENTICATE
        S: d BAD Sign in first.
        C: e LOGIN bob@example.org secret
        S: e OK [CAPABILITY *] Signed in.
        C: f ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: f OK Done.
        """);

    [Theory, EveryChunking]
    public Task The_time_to_sign_in_begins_anew(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        T: 00:20:00
        C: a UNAUTHENTICATE
        S: a OK *
        T: 00:01:59
        C: b NOOP
        S: b OK Done.
        T: 00:00:01
        S: * BYE You said nothing for too long.
        S: (closed)
        """);

    [Fact]
    public async Task Its_place_among_the_sessions_of_the_account_is_free_again()
    {
        await using var scene = new ImapScene(options => options with { MaxSessionsPerAccount = 1 });
        var one = await scene.SignInAsync();
        var other = await scene.ConnectAsync();
        Assert.StartsWith("NO [LIMIT]", await other.NoAsync("LOGIN ann@example.org x"), StringComparison.Ordinal);
        await one.OkAsync("UNAUTHENTICATE");
        await other.OkAsync("LOGIN ann@example.org x");
    }
}
