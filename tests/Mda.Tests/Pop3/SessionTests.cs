using MailSuite.Mda.Pop3;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>The loop: states, pipelining, limits of lines, errors, time and sessions. Each limit at N and N + 1.</summary>
public sealed class SessionTests
{
    private static readonly string[] Signing = ["CAPA", "STLS", "USER", "PASS", "AUTH", "UTF8", "LANG", "QUIT"];
    private static readonly string[] Reading = ["CAPA", "LANG", "STAT", "LIST", "UIDL", "RETR", "TOP", "DELE", "RSET", "NOOP", "QUIT"];

    [Fact]
    public async Task Each_command_is_taken_in_its_states_and_refused_in_the_other()
    {
        await using var scene = await Pop3Scene.WithAsync([], options => options with { MaxErrors = 100, MaxAuthenticationFailures = 100 });
        var commands = scene.Mda.Services.GetRequiredService<Pop3CommandTable>().All.Select(command => command.Keyword).Order().ToList();
        Assert.Equal(Signing.Union(Reading).Order(), commands);
        await using var stranger = new Pop3Talk(scene);
        await stranger.ReadAsync();
        foreach (var command in commands.Except(Signing))
            Assert.Equal("-ERR Sign in first", await stranger.SayAsync(command));
        await using var reader = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
        foreach (var command in commands.Except(Reading))
            Assert.Equal("-ERR You have signed in already", await reader.SayAsync(command));
        foreach (var command in commands.Intersect(Signing).Except(["QUIT"]))
            Assert.NotEqual("-ERR Sign in first", await new Once(scene).SayAsync(command));
        Assert.Empty(scene.Log.Errors);
    }

    [Capability("PIPELINING")]
    [Theory, EveryChunking]
    public Task Answers_what_comes_at_once_in_its_order(Chunking chunking) => Pop3Scene.PlayAsync(chunking, """
        S: +OK *
        C: USER alice@example.org
        C: PASS secret
        C: STAT
        C: LIST
        C: RETR 1
        C: DELE 1
        C: NOSUCH
        C: STAT
        C: QUIT
        C: NOOP
        S: +OK Send the password
        S: +OK 1 message *
        S: +OK 1 *
        S: +OK 1 message *
        S: 1 *
        S: .
        S: +OK *
        S: Subject: x
        S:
        S: .
        S: +OK *
        S: -ERR Unknown command
        S: +OK 0 0
        S: +OK Goodbye
        S: (closed)
        """, ["Subject: x\r\n\r\n"]);

    [Theory, EveryChunking]
    public Task Takes_a_command_line_at_the_limit_and_closes_at_one_octet_more(Chunking chunking) => Pop3Scene.PlayAsync(chunking, Pop3Scene.SignedIn + $"""
        C: NOOP {new string('x', 255 - 7)}
        S: +OK *
        C: NOOP {new string('x', 255 - 6)}
        S: -ERR The line is too long, closing
        S: (closed)
        """, configure: options => options with { MaxCommandLineOctets = 255 });

    [Theory, EveryChunking]
    public Task Takes_no_text_for_a_command_that_is_none(Chunking chunking) => Pop3Scene.PlayAsync(chunking, """
        S: +OK *
        C> CAPA\nSTAT\r\n
        S: -ERR Lines end with CRLF
        S: -ERR Sign in first
        C> NOOP \xff\r\n
        S: -ERR This is no UTF-8 text without controls
        C> USER a\0b\r\n
        S: -ERR This is no UTF-8 text without controls
        C:
        S: -ERR Unknown command
        C:  STAT
        S: -ERR Unknown command
        C: QUIT now
        S: -ERR The command has no arguments
        """);

    [Fact]
    public Task Closes_at_as_many_errors_as_the_settings_say() => Pop3Scene.PlayAsync(Chunking.WholeTurn, Pop3Scene.SignedIn + """
        C: ONE
        S: -ERR Unknown command
        C: NOOP
        S: +OK *
        C: TWO
        S: -ERR Too many errors, closing
        S: (closed)
        """, configure: options => options with { MaxErrors = 2 });

    /// <summary>RFC 1939 §3: the server closes without a word and removes nothing.</summary>
    [Fact]
    public async Task Closes_without_a_word_when_the_time_is_up_which_is_shorter_before_the_sign_in()
    {
        await using var scene = await Pop3Scene.WithAsync(["Subject: x\r\n\r\nx\r\n"]);
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            T: 00:00:59
            C: USER alice@example.org
            S: +OK *
            T: 00:01:00
            S: (closed)
            """);
        await scene.PlayAsync(Chunking.WholeTurn, Pop3Scene.SignedIn + """
            T: 00:09:59
            C: DELE 1
            S: +OK *
            T: 00:10:00
            S: (closed)
            """);
        Assert.Single(await scene.Mda.MessagesAsync(scene.Alice));
    }

    [Fact]
    public Task Closes_in_the_middle_of_AUTH_when_the_time_is_up() => Pop3Scene.PlayAsync(Chunking.WholeTurn, "S: +OK *\nC: AUTH PLAIN\nS: + \nT: 00:01:00\nS: (closed)");

    [Fact]
    public async Task Lets_in_as_many_sessions_as_the_settings_say()
    {
        await using var scene = await Pop3Scene.WithAsync([], options => options with { MaxSessions = 3, MaxSessionsPerAddress = 2 });
        await using var first = new Pop3Talk(scene);
        await using var second = new Pop3Talk(scene);
        Assert.StartsWith("+OK", await first.ReadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("+OK", await second.ReadAsync(), StringComparison.Ordinal);
        await using (var third = new Pop3Talk(scene))
        {
            Assert.Equal("-ERR [SYS/TEMP] Too many sessions of your address, try again later", await third.ReadAsync());
            await third.Serving;
        }

        await using (var local = new Pop3Talk(scene, "127.0.0.1"))
        {
            Assert.StartsWith("+OK", await local.ReadAsync(), StringComparison.Ordinal);
            await using var fifth = new Pop3Talk(scene, "198.51.100.1");
            Assert.Equal("-ERR [SYS/TEMP] Too many sessions, try again later", await fifth.ReadAsync());
        }

        await first.SayAsync("QUIT");
        await first.Serving;
        await using var next = new Pop3Talk(scene);
        Assert.StartsWith("+OK", await next.ReadAsync(), StringComparison.Ordinal);
    }

    /// <summary>What a client does not take is not piled up: the session waits, and then ends.</summary>
    [Fact]
    public async Task A_client_that_reads_nothing_is_left_when_its_time_is_up()
    {
        var message = "Subject: x\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 78) + "\r\n", 40_000));
        await using var scene = await Pop3Scene.WithAsync([message]);
        await using var transports = new SlowClient();
        var serving = scene.Server.ServeAsync(transports.Server, implicitTls: false, CancellationToken.None);
        await transports.SayAsync("USER alice@example.org\r\nPASS secret\r\nRETR 1\r\n");
        await MdaScene.UntilAsync(() => transports.Waiting > 32 * 1024);
        Assert.InRange(transports.Waiting, 32 * 1024, 256 * 1024);
        scene.Clock.Advance(TimeSpan.FromMinutes(10));
        await serving.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await using var next = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
    }

    private sealed class Once(Pop3Scene scene)
    {
        public async Task<string> SayAsync(string command)
        {
            await using var talk = new Pop3Talk(scene);
            await talk.ReadAsync();
            return await talk.SayAsync(command);
        }
    }
}
