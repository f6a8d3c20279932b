using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Every length, count and time of a session has an end. Those of a message are in <see cref="DataTests"/>, of RCPT in <see cref="RcptTests"/>, of AUTH in <see cref="AuthTests"/>.</summary>
public sealed class LimitTests
{
    [Catalogue("500")]
    [Theory, EveryChunking]
    public Task Takes_a_command_line_at_the_limit_and_refuses_one_octet_more(Chunking chunking) => SmtpScene.PlayAsync(chunking, $"""
        S: 220 *
        C: NOOP {new string('x', 505)}
        S: 250 2.0.0 *
        C: NOOP {new string('x', 506)}
        S: 500 5.5.2 *
        S: (closed)
        """, configure: options => options with { MaxCommandLineOctets = 512 });

    [Theory, EveryChunking]
    public Task Cuts_a_line_that_never_ends(Chunking chunking) => SmtpScene.PlayAsync(chunking, $"""
        S: 220 *
        C> {new string('x', 10_000)}
        S: 500 5.5.2 *
        S: (closed)
        """);

    [Catalogue("421")]
    [Fact]
    public Task Closes_after_as_many_errors_as_allowed() => SmtpScene.PlayAsync(Chunking.WholeTurn, """
        S: 220 *
        C: ONE
        S: 500 *
        C: TWO
        S: 500 *
        C: NOOP
        S: 250 *
        C: THREE
        S: 500 *
        S: 421 4.7.0 *
        S: (closed)
        """, configure: options => options with { MaxErrors = 3 });

    [Fact]
    public Task Forgives_errors_when_mail_was_delivered_and_counts_no_temporary_refusals() => SmtpScene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + """
        C: ONE
        S: 500 *
        C: RCPT TO:<bob@example.org>
        S: 452 4.5.3 *
        C: RCPT TO:<bob@example.org>
        S: 452 4.5.3 *
        C: DATA
        S: 354 *
        C: .
        S: 250 *
        C: ONE
        S: 500 *
        C: TWO
        S: 500 *
        S: 421 4.7.0 *
        S: (closed)
        """, configure: options => options with { MaxErrors = 2, MaxRecipients = 1 });

    [Catalogue("421")]
    [Theory, EveryChunking]
    public Task Closes_when_no_command_comes_in_time(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        T: 00:04:59
        C: NOOP
        S: 250 *
        T: 00:04:59
        C: NOOP
        S: 250 *
        T: 00:05:00
        S: 421 4.4.2 *
        S: (closed)
        """);

    [Fact]
    public Task Closes_on_a_command_that_comes_an_octet_at_a_time() => SmtpScene.PlayAsync(Chunking.ByteByByte, """
        S: 220 *
        C> N
        T: 00:02:00
        C> O
        T: 00:02:00
        C> O
        T: 00:01:00
        S: 421 4.4.2 *
        S: (closed)
        """);

    [Catalogue("DATA", 421)]
    [Fact]
    public Task Closes_when_the_next_part_of_a_message_does_not_come_in_time() => SmtpScene.PlayAsync(Chunking.ByteByByte, SmtpScene.Addressed + """
        C: DATA
        S: 354 *
        T: 00:02:59
        C> x
        T: 00:02:59
        C> x
        T: 00:03:00
        S: 421 4.4.2 *
        S: (closed)
        """);

    [Fact]
    public async Task Closes_on_a_message_that_comes_an_octet_at_a_time()
    {
        await using var scene = new SmtpScene(configure: options => options with { DataTotalTimeout = TimeSpan.FromMinutes(10) });
        await scene.PlayAsync(Chunking.ByteByByte, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            T: 00:02:30
            C> x
            T: 00:02:30
            C> x
            T: 00:02:30
            C> x
            T: 00:02:30
            S: 421 4.4.2 *
            S: (closed)
            """);
        Assert.Empty(scene.Mailboxes.Of("alice@example.org"));
    }

    [Catalogue("421")]
    [Fact]
    public async Task Admits_as_many_sessions_as_allowed_and_one_more_when_one_has_gone()
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxSessions = 1 });
        await PlayBesideAnotherAsync(scene, """
            S: 421 4.3.2 *
            S: (closed)
            """);
        await scene.PlayAsync(Chunking.WholeTurn, "S: 220 *");
    }

    [Fact]
    public async Task Admits_as_many_sessions_of_one_address_as_allowed()
    {
        await using var scene = new SmtpScene(configure: options => options with { MaxSessionsPerAddress = 1 });
        await PlayBesideAnotherAsync(scene, """
            S: 421 4.7.0 *
            S: (closed)
            """);
        await scene.PlayAsync(Chunking.WholeTurn, "S: 220 *");
    }

    [Catalogue("421")]
    [Theory, EveryChunking]
    public Task Tells_a_waiting_client_that_the_program_ends(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        T: (stop)
        S: 421 4.3.2 *
        S: (closed)
        """);

    [Theory, EveryChunking]
    public async Task Finishes_a_message_in_hand_before_the_program_ends(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: Subject: in hand
            T: (stop)
            C: .
            S: 250 2.6.0 *
            S: 421 4.3.2 *
            S: (closed)
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    private static async Task PlayBesideAnotherAsync(SmtpScene scene, string dialogue)
    {
        await using var other = new ConnectedTransports(client: new System.Net.IPEndPoint(System.Net.IPAddress.Parse("192.0.2.7"), 40_001));
        var session = scene.Server.ServeAsync(other.Server, scene.Role, CancellationToken.None);
        await other.Client.Input.ReadAsync(TestContext.Current.CancellationToken);
        await scene.PlayAsync(Chunking.WholeTurn, dialogue);
        await other.Client.Output.CompleteAsync();
        await session;
    }
}
