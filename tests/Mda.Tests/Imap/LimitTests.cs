using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>Each limit at N and at N + 1.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(0, "OK")]
    [InlineData(1, "BAD [TOOBIG]")]
    public async Task A_line_has_a_limit_and_the_session_goes_on(int more, string answer)
    {
        await using var scene = new ImapScene(options => options with { MaxLineOctets = 1000 });
        var client = await scene.ConnectAsync();
        // a1 ID ("name" "…")CRLF
        var around = "a1 ID (\"name\" \"\")\r\n".Length;
        await client.SendAsync($"a1 ID (\"name\" \"{new string('x', 1000 - around + more)}\")\r\n");
        var heard = await client.ReadAsync();
        if (heard!.StartsWith('*'))
            heard = await client.ReadAsync();
        Assert.StartsWith($"a1 {answer}", heard, StringComparison.Ordinal);
        await client.OkAsync("NOOP");
    }

    [Fact]
    public async Task A_line_without_end_ends_the_session()
    {
        await using var scene = new ImapScene();
        var client = await scene.ConnectAsync();
        var sending = client.SendAsync(new string('x', 2 * 1024 * 1024));
        Assert.Equal("* BYE [TOOBIG] That is more than is taken.", await client.ReadAsync());
        Assert.Null(await client.ReadAsync());
        await sending;
    }

    [Theory]
    [InlineData(500, "+ OK")]
    [InlineData(501, "a BAD [TOOBIG] That is more than is taken.")]
    [InlineData(long.MaxValue, "a BAD [TOOBIG] That is more than is taken.")]
    public async Task A_literal_beyond_the_limit_is_never_asked_for(long octets, string answer)
    {
        await using var scene = new ImapScene(options => options with { MaxLiteralOctets = 500 });
        var client = await scene.ConnectAsync();
        await client.SendAsync($"a LOGIN {{{octets}}}\r\n");
        Assert.Equal(answer, await client.ReadAsync());
    }

    [Theory]
    [InlineData(500, "a BAD The arguments are not those of this command.")]
    [InlineData(501, "a BAD [TOOBIG] That is more than is taken.")]
    public async Task One_that_comes_unasked_is_thrown_away(int octets, string answer)
    {
        await using var scene = new ImapScene(options => options with { MaxLiteralOctets = 500 });
        var client = await scene.ConnectAsync();
        await client.SendAsync($"a LOGIN {{{octets}+}}\r\n{new string('x', octets)}\r\n");
        Assert.Equal(answer, await client.ReadAsync());
        await client.OkAsync("NOOP");
    }

    [Theory]
    [InlineData(1024 * 1024, "a BAD [TOOBIG] That is more than is taken.")]
    [InlineData(1024 * 1024 + 1, "* BYE [TOOBIG] That is more than is taken.")]
    [InlineData(9_999_999_999_999_999, "* BYE [TOOBIG] That is more than is taken.")]
    public async Task One_that_is_far_too_large_ends_the_session(long octets, string answer)
    {
        await using var scene = new ImapScene(options => options with { MaxLiteralOctets = 500 });
        var client = await scene.ConnectAsync();
        await client.SendAsync($"a LOGIN {{{octets}+}}\r\n");
        if (octets == 1024 * 1024)
            await client.SendAsync(new string('x', (int)octets) + "\r\n");
        Assert.Equal(answer, await client.ReadAsync());
        if (answer[0] == '*')
            Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [InlineData(0, "a BAD The arguments")]
    [InlineData(1, "a BAD [TOOBIG]")]
    public async Task All_literals_of_a_command_together_have_a_limit(int more, string answer)
    {
        await using var scene = new ImapScene(options => options with { MaxLiteralOctets = 1000, MaxCommandOctets = 2000 });
        var client = await scene.ConnectAsync();
        var before = "a LOGIN {990+}\r\n".Length + 990;
        var second = 2000 - before - " {000+}".Length + more;
        await client.SendAsync($"a LOGIN {{990+}}\r\n{new string('x', 990)} {{{second:000}+}}\r\n{new string('y', second)} z\r\n");
        Assert.StartsWith(answer, await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_in_a_row_end_the_session()
    {
        await using var scene = new ImapScene(options => options with { MaxErrors = 3 });
        var client = await scene.ConnectAsync();
        await client.BadAsync("X");
        await client.BadAsync("X");
        await client.OkAsync("NOOP");
        await client.BadAsync("X");
        await client.BadAsync("X");
        await client.BadAsync("X");
        Assert.Equal("* BYE Too many errors.", await client.ReadAsync());
        Assert.Null(await client.ReadAsync());
    }

    [Theory, EveryChunking]
    public Task Signing_in_has_a_time(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        T: 00:01:00
        C: a NOOP
        S: a OK Done.
        T: 00:00:59
        C: b NOOP
        S: b OK Done.
        T: 00:00:01
        S: * BYE You said nothing for too long.
        S: (closed)
        """);

    [Theory, EveryChunking]
    public Task Half_an_hour_of_silence_is_allowed_and_no_more(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        T: 00:29:59
        C: a NOOP
        S: a OK Done.
        T: 00:30:00
        S: * BYE You said nothing for too long.
        S: (closed)
        """);

    [Theory, EveryChunking]
    public Task The_rest_of_a_command_has_a_time(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.Hello + """
        C: a LOGIN {15}
        S: + OK
        T: 00:02:59
        C: ann@example.org {1}
        S: + OK
        T: 00:03:00
        S: * BYE You said nothing for too long.
        S: (closed)
        """);

    [Fact]
    public async Task Sessions_have_a_limit_in_all_for_a_client_and_for_an_account()
    {
        await using var scene = new ImapScene(options => options with { MaxSessions = 4, MaxSessionsPerAddress = 2, MaxSessionsPerAccount = 1 });
        var first = await scene.ConnectAsync("192.0.2.7");
        await scene.ConnectAsync("192.0.2.7");
        Assert.Equal("* BYE [LIMIT] Too many sessions. Try later.", await scene.Connect("192.0.2.7").ReadAsync());
        var other = await scene.ConnectAsync("192.0.2.8");
        await scene.ConnectAsync("127.0.0.1");
        Assert.Equal("* BYE [LIMIT] Too many sessions. Try later.", await scene.Connect("192.0.2.9").ReadAsync());

        await first.OkAsync("LOGIN ann@example.org x");
        await other.NoAsync("LOGIN ann@example.org x");
        await first.DisposeAsync();
        await other.OkAsync("LOGIN ann@example.org x");
        await scene.ConnectAsync("192.0.2.7");
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_left_alone_after_a_while()
    {
        await using var scene = new ImapScene();
        var client = scene.Connect(bounded: true);
        await client.ReadAsync();
        await client.OkAsync("LOGIN ann@example.org x");
        _ = client.SendAsync(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"x{i} CAPABILITY\r\n")));
        await MdaScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
            return client.Serving.IsCompleted;
        });
    }

    [Fact]
    public async Task Thousands_of_commands_in_flight_are_all_answered_in_order()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        const int Commands = 20_000;
        var sending = client.SendAsync(string.Concat(Enumerable.Range(0, Commands).Select(i => $"x{i} NOOP\r\n")));
        for (var i = 0; i < Commands; i++)
            Assert.Equal($"x{i} OK Done.", await client.ReadAsync());
        await sending;
    }

    [Fact]
    public async Task A_stop_of_the_program_is_told_and_ends_the_session()
    {
        await using var scene = new ImapScene();
        var client = await scene.SignInAsync();
        await scene.StopAsync();
        Assert.Equal("* BYE The server stops. Come again.", await client.ReadAsync());
        Assert.Null(await client.ReadAsync());
    }
}
