using System.Net;
using System.Text;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What is asked of strangers, at its limit and beyond it, and that trusted clients are spared.</summary>
public sealed class StrictnessTests
{
    private static readonly IPNetwork Client = new(IPAddress.Parse("192.0.2.0"), 24);

    private const string Refused = """
        S: 554 5.5.1 *
        S: (closed)
        """;

    [Theory, EveryChunking]
    public async Task Sends_away_who_talks_during_the_greet_delay(Chunking chunking)
    {
        await using var scene = Scene(strictness => strictness with { GreetDelay = TimeSpan.FromSeconds(6) });
        await scene.PlayAsync(chunking, "C: EHLO client.example.net\n" + Refused);
    }

    [Theory, EveryChunking]
    public async Task Greets_when_the_delay_is_over(Chunking chunking)
    {
        await using var scene = Scene(strictness => strictness with { GreetDelay = TimeSpan.FromSeconds(6) });
        await scene.PlayAsync(chunking, "T: 00:00:06\n" + SmtpScene.Addressed);
    }

    [Theory]
    [InlineData("192.0.2.7", true, "554 5.5.1")]
    [InlineData("192.0.2.7", false, "220 ")]
    [InlineData("127.0.0.1", true, "220 ")]
    [InlineData(null, true, "220 ")]
    public async Task Sends_away_a_stranger_who_has_talked_before_the_greeting(string? address, bool strict, string reply)
    {
        await using var scene = Scene(strictness => strictness with { RefusePipeliningErrors = strict });
        Assert.StartsWith(reply, await TalkAsync(scene, address, "GET / HTTP/1.1\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EHLO client.example.net")]
    [InlineData("HELO client.example.net")]
    [InlineData("VRFY alice@example.org")]
    public Task Cuts_off_who_goes_on_without_the_reply(string command) => SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
        S: 220 *
        C: {command}
        C: RSET
        {Refused}
        """);

    [Fact]
    public async Task Cuts_off_who_sends_the_message_before_354()
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + $"""
            C: DATA
            C: Subject: early
            C: .
            {Refused}
            """);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public Task Cuts_off_who_sends_the_password_before_it_is_asked_for() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello.Replace("!AUTH*", "AUTH *", StringComparison.Ordinal) + $"""
        C: AUTH LOGIN
        C: YWxpY2VAZXhhbXBsZS5vcmc=
        C: c2VjcmV0
        {Refused}
        """, SmtpRole.Submission, options => options with { AllowPlaintextAuthentication = true });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bears_with_it_from_trusted_clients_and_where_it_is_told_to(bool trusted)
    {
        await using var scene = Scene(strictness => trusted ? strictness with { TrustedNetworks = [Client] } : strictness with { RefusePipeliningErrors = false });
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: EHLO client.example.net
            C: MAIL FROM:<carol@example.net>
            C: RCPT TO:<alice@example.org>
            C: DATA
            C: .
            C: QUIT
            S: (250-...)
            S: 250 *
            S: 250 *
            S: 354 *
            S: 250 *
            S: 221 *
            S: (closed)
            """);
        Assert.Single(scene.Mailboxes.Deliveries);
    }

    [Fact]
    public async Task Ends_a_session_that_brings_no_mail()
    {
        await using var scene = Scene(strictness => strictness with { MaxIdleCommands = 4 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + """
            C: NOOP
            S: 250 *
            C: RSET
            S: 250 *
            C: HELP
            S: (211-...)
            C: VRFY x
            S: 421 4.7.0 *
            S: (closed)
            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counts_idle_commands_anew_after_mail_and_not_those_of_trusted_clients(bool trusted)
    {
        await using var scene = Scene(strictness => strictness with { MaxIdleCommands = 2, TrustedNetworks = trusted ? [Client] : [] });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + (trusted ? "C: NOOP\nS: 250 *\nC: NOOP\nS: 250 *\nC: NOOP\nS: 250 *\n" : "") + """
            C: NOOP
            S: 250 *
            C: MAIL FROM:<carol@example.net>
            S: 250 *
            C: RCPT TO:<alice@example.org>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            C: NOOP
            S: 250 *
            C: NOOP
            S: 250 *
            """);
    }

    [Fact]
    public async Task Answers_late_from_the_error_on_at_which_the_tarpit_begins()
    {
        await using var scene = new SmtpScene(configure: options => options with
        {
            CommandTimeout = TimeSpan.FromDays(1),
            Strictness = options.Strictness with { TarpitErrors = 2, TarpitDelay = TimeSpan.FromSeconds(5) },
        });
        var began = scene.Clock.GetTimestamp();
        await scene.PlayAsync(Chunking.WholeTurn, "S: 220 *\nC: ONE\nS: 500 *\nC: TWO\nS: 500 *\n");
        Assert.Equal(TimeSpan.Zero, scene.Clock.GetElapsedTime(began));

        var play = scene.PlayAsync(Chunking.WholeTurn, "S: 220 *\nC: ONE\nS: 500 *\nC: TWO\nS: 500 *\nC: THREE\nS: 500 *\nC: FOUR\nS: 500 *\nC: NOOP\nS: 250 *\n");
        while (!play.IsCompleted)
        {
            scene.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(play, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        await play;
        Assert.True(scene.Clock.GetElapsedTime(began) >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Does_not_wait_in_the_tarpit_when_the_program_ends()
    {
        await using var scene = Scene(strictness => strictness with { TarpitErrors = 0, TarpitDelay = TimeSpan.FromSeconds(5) });
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: ONE
            T: (stop)
            S: 500 *
            S: 421 4.3.2 *
            S: (closed)
            """);
    }

    /// <summary>Held in memory, and in a file from 64 octets on.</summary>
    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(64)]
    public async Task Takes_a_header_at_the_limit_and_refuses_one_octet_more(int spillOctets)
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = spillOctets, Strictness = options.Strictness with { MaxHeaderOctets = 500 } });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + Message($"Subject: {new string('x', 89)}\r\nX: {new string('y', 395)}", "250 *") + Message($"Subject: {new string('x', 90)}\r\nX: {new string('y', 395)}", "552 5.3.4 *500 octets*"));
    }

    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(64)]
    public async Task Counts_every_Received_field_of_a_header_up_to_the_limit_wherever_it_is_held(int spillOctets)
    {
        await using var scene = new SmtpScene(configure: options => options with { SpillOctets = spillOctets, MaxReceivedFields = 100 });
        string Hops(int count) => string.Join("\r\n", Enumerable.Repeat($"Received: by {new string('x', 900)}", count));
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + Message(Hops(100), "250 *") + Message(Hops(101), "554 5.4.6 *"));
    }

    [Fact]
    public async Task Takes_a_header_line_at_the_limit_and_refuses_one_octet_more()
    {
        await using var scene = Scene(strictness => strictness with { MaxHeaderLineOctets = 1_000 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello
            + Message($"Subject: {new string('x', 989)}\r\n {new string('y', 997)}", "250 *")
            + Message($"Subject: {new string('x', 990)}", "554 5.5.2 *1000 octets*")
            + Message($"Subject: x\r\n {new string('y', 998)}", "554 5.5.2 *1000 octets*"));
    }

    [Fact]
    public async Task Takes_as_many_fields_as_allowed_and_not_one_more()
    {
        await using var scene = Scene(strictness => strictness with { MaxHeaderFields = 3 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + Message("A: 1\r\nB: 2\r\n folded\r\nC: 3", "250 *") + Message("A: 1\r\nB: 2\r\nC: 3\r\nD: 4", "554 5.5.2 *3 fields*"));
    }

    [Fact]
    public async Task Leaves_the_body_its_long_lines_and_takes_text_without_a_header_for_a_body()
    {
        await using var scene = Scene(strictness => strictness with { MaxHeaderLineOctets = 1_000, MaxHeaderOctets = 1_000, MaxHeaderFields = 3 });
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + Message($"A: 1\r\n\r\n{new string('x', 5_000)}", "250 *") + Message($"no field\r\n{new string('x', 5_000)}", "250 *"));
    }

    private static string Message(string text, string reply) => $"""

        C: MAIL FROM:<carol@example.net>
        S: 250 *
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: DATA
        S: 354 *
        C> {text.Replace("\r\n", @"\r\n", StringComparison.Ordinal)}\r\n\r\nbody\r\n.\r\n
        S: {reply}

        """;

    private static SmtpScene Scene(Func<StrictnessOptions, StrictnessOptions> configure) => new(configure: options => options with { Strictness = configure(options.Strictness) });

    /// <returns>The first that the server says to who begins.</returns>
    private static async Task<string> TalkAsync(SmtpScene scene, string? address, string first)
    {
        await using var transports = new ConnectedTransports(client: address is null ? null : new IPEndPoint(IPAddress.Parse(address), 40_000));
        await transports.SendAsync(Encoding.ASCII.GetBytes(first), TestContext.Current.CancellationToken);
        await transports.Client.Output.CompleteAsync();
        await scene.Server.ServeAsync(transports.Server, scene.Role, CancellationToken.None);
        var read = await transports.Client.Input.ReadAsync(TestContext.Current.CancellationToken);
        var text = Encoding.ASCII.GetString(read.Buffer);
        transports.Client.Input.AdvanceTo(read.Buffer.End);
        return text;
    }
}
