using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>STAT, LIST, UIDL, RETR, TOP, DELE, RSET, NOOP and the UPDATE state (RFC 1939 §5 to §7).</summary>
public sealed class TransactionTests
{
    private const string First = "Subject: One\r\n\r\nFirst.\r\n";
    private const string Dotted = "Subject: Two\r\n\r\n.\r\n..dots\r\nEnd\r\n";
    private const string Third = "Subject: Three\r\nX: y\r\n\r\n1\r\n2\r\n3\r\n";

    [Theory, EveryChunking]
    public async Task Shows_what_is_there(Chunking chunking)
    {
        await using var scene = await Pop3Scene.WithAsync([First, Dotted, Third]);
        var inbox = await scene.Mda.MailboxAsync(scene.Alice);
        await scene.PlayAsync(chunking, Pop3Scene.SignedIn + $"""
            C: STAT
            S: +OK 3 {First.Length + Dotted.Length + Third.Length}
            C: LIST
            S: +OK 3 messages ({First.Length + Dotted.Length + Third.Length} octets)
            S: 1 {First.Length}
            S: 2 {Dotted.Length}
            S: 3 {Third.Length}
            S: .
            C: LIST 2
            S: +OK 2 {Dotted.Length}
            C: UIDL
            S: +OK *
            S: 1 {inbox.UidValidity}.1
            S: 2 {inbox.UidValidity}.2
            S: 3 {inbox.UidValidity}.3
            S: .
            C: uidl 3
            S: +OK 3 {inbox.UidValidity}.3
            C: RETR 2
            S: +OK {Dotted.Length} octets
            S: Subject: Two
            S:
            S: ..
            S: ...dots
            S: End
            S: .
            C: NOOP
            S: +OK *
            C: QUIT
            S: +OK *
            S: (closed)
            """);
        Assert.Empty(scene.Log.Errors);
        Assert.Equal(3, (await scene.Mda.MessagesAsync(scene.Alice)).Count);
    }

    [Theory, EveryChunking]
    public Task An_empty_maildrop_has_nothing(Chunking chunking) => Pop3Scene.PlayAsync(chunking, """
        S: +OK *
        C: USER alice@example.org
        S: +OK *
        C: PASS secret
        S: +OK 0 messages (0 octets)
        C: STAT
        S: +OK 0 0
        C: LIST
        S: +OK *
        S: .
        C: UIDL
        S: +OK *
        S: .
        C: RETR 1
        S: -ERR There is no such message
        C: QUIT
        S: +OK *
        S: (closed)
        """);

    [Theory, EveryChunking]
    public Task TOP_gives_the_header_and_so_many_lines(Chunking chunking) => Pop3Scene.PlayAsync(chunking, Pop3Scene.SignedIn + """
        C: TOP 1 0
        S: +OK *
        S: Subject: Three
        S: X: y
        S:
        S: .
        C: TOP 1 2
        S: +OK *
        S: Subject: Three
        S: X: y
        S:
        S: 1
        S: 2
        S: .
        C: TOP 1 3
        S: +OK *
        S: Subject: Three
        S: X: y
        S:
        S: 1
        S: 2
        S: 3
        S: .
        C: TOP 1 99999999999
        S: +OK *
        S: Subject: Three
        S: X: y
        S:
        S: 1
        S: 2
        S: 3
        S: .
        C: TOP 1
        S: -ERR *
        C: TOP 1 -1
        S: -ERR *
        C: TOP 1 x
        S: -ERR *
        C: TOP 2 0
        S: -ERR There is no such message
        """, [Third]);

    [Theory]
    [InlineData("LIST", "0")]
    [InlineData("LIST", "-1")]
    [InlineData("LIST", "+1")]
    [InlineData("LIST", "x")]
    [InlineData("UIDL", "1.0")]
    [InlineData("UIDL", "1 2")]
    [InlineData("RETR", "")]
    [InlineData("RETR", "a1")]
    [InlineData("DELE", "")]
    [InlineData("DELE", "0")]
    public Task Refuses_what_is_no_number(string command, string argument) => Pop3Scene.PlayAsync(Chunking.WholeTurn, Pop3Scene.SignedIn + $"""
        C: {command} {argument}
        S: {(command is "LIST" or "UIDL" && argument == "" ? "+OK *" : "-ERR The number of a message is needed")}
        C: STAT
        S: +OK 1 *
        """, [First]);

    [Theory]
    [InlineData("LIST")]
    [InlineData("UIDL")]
    [InlineData("RETR")]
    [InlineData("DELE")]
    public Task Refuses_the_number_of_no_message(string command) => Pop3Scene.PlayAsync(Chunking.WholeTurn, Pop3Scene.SignedIn + $"""
        C: {command} 2
        S: -ERR There is no such message
        C: {command} 4294967297
        S: -ERR There is no such message
        C: {command} 1
        S: +OK *
        """ + (command == "RETR" ? "\nS: Subject: One\nS:\nS: First.\nS: ." : ""), [First]);

    [Theory, EveryChunking]
    public async Task Removes_at_QUIT_what_was_deleted_and_keeps_the_ids_of_the_others(Chunking chunking)
    {
        await using var scene = await Pop3Scene.WithAsync([First, Dotted, Third]);
        var inbox = await scene.Mda.MailboxAsync(scene.Alice);
        await scene.PlayAsync(chunking, Pop3Scene.SignedIn + $"""
            C: DELE 1
            S: +OK *
            C: DELE 1
            S: -ERR The message is deleted
            C: RETR 1
            S: -ERR The message is deleted
            C: TOP 1 0
            S: -ERR The message is deleted
            C: LIST 1
            S: -ERR The message is deleted
            C: STAT
            S: +OK 2 {Dotted.Length + Third.Length}
            C: LIST
            S: +OK 2 messages *
            S: 2 {Dotted.Length}
            S: 3 {Third.Length}
            S: .
            C: QUIT
            S: +OK *
            S: (closed)
            """);
        Assert.Equal([3u, 2u], (await scene.Mda.MessagesAsync(scene.Alice)).Select(message => message.Uid.Value));
        await scene.PlayAsync(chunking, Pop3Scene.SignedIn + $"""
            C: UIDL
            S: +OK *
            S: 1 {inbox.UidValidity}.2
            S: 2 {inbox.UidValidity}.3
            S: .
            """);
        Assert.Empty(scene.Log.Errors);
    }

    [Theory, EveryChunking]
    public async Task RSET_takes_every_deletion_back(Chunking chunking)
    {
        await using var scene = await Pop3Scene.WithAsync([First, Third]);
        await scene.PlayAsync(chunking, Pop3Scene.SignedIn + $"""
            C: DELE 1
            S: +OK *
            C: DELE 2
            S: +OK *
            C: STAT
            S: +OK 0 0
            C: RSET
            S: +OK 2 messages ({First.Length + Third.Length} octets)
            C: STAT
            S: +OK 2 {First.Length + Third.Length}
            C: QUIT
            S: +OK *
            S: (closed)
            """);
        Assert.Equal(2, (await scene.Mda.MessagesAsync(scene.Alice)).Count);
    }

    /// <summary>RFC 1939 §6: a session that ends otherwise than by QUIT must not remove anything.</summary>
    [Theory, EveryChunking]
    public async Task Removes_nothing_when_the_client_goes_away(Chunking chunking)
    {
        await using var scene = await Pop3Scene.WithAsync([First]);
        await scene.PlayAsync(chunking, Pop3Scene.SignedIn + """
            C: DELE 1
            S: +OK *
            C: (close)
            S: (closed)
            """);
        Assert.Single(await scene.Mda.MessagesAsync(scene.Alice));
    }

    [Fact]
    public async Task Removes_nothing_when_the_program_ends()
    {
        await using var scene = await Pop3Scene.WithAsync([First]);
        await scene.PlayAsync(Chunking.WholeTurn, Pop3Scene.SignedIn + """
            C: DELE 1
            S: +OK *
            T: (stop)
            S: (closed)
            """);
        Assert.Single(await scene.Mda.MessagesAsync(scene.Alice));
    }

    [Fact]
    public async Task What_arrives_meanwhile_is_for_the_next_session_and_what_others_remove_is_gone()
    {
        await using var scene = await Pop3Scene.WithAsync([First, Dotted]);
        await using var session = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
        await scene.AppendAsync(scene.Alice, Third);
        var inbox = await scene.Mda.MailboxAsync(scene.Alice);
        await scene.Mda.Mailboxes.ExpungeAsync(scene.Alice.Id, inbox.Id, [new Uid(1)], TestContext.Current.CancellationToken);
        Assert.Equal($"+OK 2 {First.Length + Dotted.Length}", await session.SayAsync("STAT"));
        Assert.Equal("-ERR Another program has removed the message", await session.SayAsync("RETR 1"));
        Assert.StartsWith("+OK", await session.SayAsync("DELE 1"), StringComparison.Ordinal);
        Assert.StartsWith("+OK", await session.SayAsync("QUIT"), StringComparison.Ordinal);
        Assert.Equal([3u, 2u], (await scene.Mda.MessagesAsync(scene.Alice)).Select(message => message.Uid.Value));
    }

    /// <summary>As many octets as LIST says come, in a file as in the database, whatever their size is to a block.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(32 * 1024)]
    [InlineData(32 * 1024 + 1)]
    [InlineData(3 * 1024 * 1024)]
    public async Task Sends_as_many_octets_as_LIST_says(int body)
    {
        var message = "Subject: Large\r\n\r\n" + string.Concat(Enumerable.Repeat(".2345678901234567890123456789012345678901234567890123456789012\r\n", (body + 63) / 64));
        await using var scene = await Pop3Scene.WithAsync([message]);
        await using var session = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
        Assert.Equal($"+OK 1 {message.Length}", await session.SayAsync("LIST 1"));
        Assert.Equal($"+OK {message.Length} octets", await session.SayAsync("RETR 1"));
        var lines = await session.ReadListAsync();
        Assert.Equal(message, string.Concat(lines.Select(line => (line.StartsWith('.') ? line[1..] : line) + "\r\n")));
        Assert.StartsWith("+OK", await session.SayAsync("TOP 1 1"), StringComparison.Ordinal);
        Assert.Equal(3, (await session.ReadListAsync()).Count);
    }

    /// <summary>What IMAP has put in without a last line end gets one on its way, as the end must stand on a line of its own.</summary>
    [Fact]
    public Task Ends_a_last_line_that_has_no_end() => Pop3Scene.PlayAsync(Chunking.WholeTurn, Pop3Scene.SignedIn + """
        C: RETR 1
        S: +OK 18 octets
        S: Subject: x
        S:
        S: open
        S: .
        """, ["Subject: x\r\n\r\nopen"]);

    [Fact]
    public async Task The_first_RETR_is_told_to_the_journey()
    {
        await using var scene = await Pop3Scene.WithAsync([]);
        await scene.Mda.DeliverAsync(MdaScene.Message(), "alice@example.org");
        await using var session = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
        await session.SayAsync("RETR 1");
        await session.ReadListAsync();
        Assert.Single(scene.Mda.Journeys.Events, told => told.Step == MailSuite.Shared.Journey.JourneyStep.Fetched);
    }
}
