using System.Text;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

public sealed class SignInTests
{
    private static readonly string AnnsPlain = Base64("\0ann@example.org\0secret word");

    [Theory, EveryChunking]
    public Task PLAIN_with_and_without_an_initial_response(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + $"""
        C: a AUTHENTICATE PLAIN
        S: + 
        C: *
        S: a BAD Cancelled.
        C: b AUTHENTICATE plain
        S: + 
        C: {AnnsPlain}
        S: b OK [CAPABILITY *] Signed in.
        """);

    [Theory, EveryChunking]
    public Task An_initial_response_saves_a_round_trip(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + $"""
        C: a AUTHENTICATE PLAIN ????
        S: a BAD Malformed: the response is not base64.
        C: b AUTHENTICATE PLAIN =
        S: b BAD Malformed: *
        C: c AUTHENTICATE NOSUCH
        S: c NO [CANNOT] There is no such mechanism here.
        C: d AUTHENTICATE
        S: d BAD The arguments are not those of this command.
        C: e AUTHENTICATE PLAIN {AnnsPlain}
        S: e OK [CAPABILITY *] Signed in.
        """);

    [Fact]
    public async Task Wrong_passwords_are_refused_and_the_third_ends_the_session()
    {
        await using var scene = Strict();
        await scene.Mda.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "secret word", null, TestContext.Current.CancellationToken);
        var client = await scene.ConnectAsync();
        Assert.Equal("NO [AUTHENTICATIONFAILED] Name or password are wrong.", await client.NoAsync("LOGIN ann@example.org wrong"));
        Assert.Equal("NO [AUTHENTICATIONFAILED] Name or password are wrong.", await client.NoAsync("LOGIN nobody@example.org \"secret word\""));
        var last = await client.CommandAsync("LOGIN ann@example.org wrong");
        Assert.Equal("* BYE Too many sign-ins have failed.", last[0]);
        Assert.Null(await client.ReadAsync());
        Assert.DoesNotContain(scene.Log.Lines, line => line.Contains("wrong", StringComparison.Ordinal) && !line.Contains("are wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SCRAM_signs_in_by_a_proof()
    {
        await using var scene = Strict();
        await scene.Mda.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "secret word", null, TestContext.Current.CancellationToken);
        var client = await scene.ConnectAsync();
        var scram = new ScramClient("ann@example.org", "secret word");
        await client.SendAsync($"a AUTHENTICATE SCRAM-SHA-256 {scram.First()}\r\n");
        await client.SendAsync(scram.Final((await client.ReadAsync())![2..]) + "\r\n");
        Assert.True(scram.Believes((await client.ReadAsync())![2..]));
        await client.SendAsync("\r\n");
        Assert.StartsWith("a OK [CAPABILITY ", await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Theory, EveryChunking]
    public Task LOGIN_goes_with_PLAIN(Chunking chunking) => ImapScene.PlayAsync(chunking, """
        S: * OK [CAPABILITY * LOGINDISABLED AUTH=SCRAM-SHA-256] MailSuite is ready.
        C: a LOGIN ann@example.org secret
        S: a NO [CANNOT] There is no such mechanism here.
        C: b AUTHENTICATE PLAIN
        S: b NO [CANNOT] There is no such mechanism here.
        """, options => options with { AuthenticationMechanisms = ["SCRAM-SHA-256"] });

    [Fact]
    public async Task The_log_names_who_came_and_how_and_no_password()
    {
        await using var scene = new ImapScene();
        await scene.SignInAsync();
        Assert.Contains(scene.Log.Lines, line => line == "ann@example.org [192.0.2.7]: signed in by LOGIN, without TLS");
        Assert.DoesNotContain(scene.Log.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    private static ImapScene Strict() => new(mda: options => options with { EveryoneIsLocal = false });

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
