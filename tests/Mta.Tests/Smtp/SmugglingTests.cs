using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Nothing but CRLF ends a line, nothing but CRLF dot CRLF ends a message, and nobody gets a second message through in the first.</summary>
public sealed class SmugglingTests
{
    /// <summary>What servers have taken for the end of a message and others not: the lists of SEC Consult's "SMTP Smuggling" of 2023 and of its tools, and more.</summary>
    public static TheoryData<string> Ends => new(
        @"\n.\n", @"\r\n.\n", @"\n.\r\n", @"\r.\r\n", @"\r\n.\rx", @"\r.\r", @"\n\n.\n\n", @"\r\r\n.\r\n", @"\0\n.\n", @"\n.\r",
        @"\r.\n", @"\r\n.\r\r\n", @"\n.\r\r\n", @"\r\r.\r\r", @"\n\r.\n\r", @"\n\r\n.\n", @"\n\r\n.\r\n", @"\r\n.\n\r\n", @"\r\n\n.\r\n", @"\r\n.\0\n",
        @"\n.\0\r\n", @"\r\0\n.\r\0\n", @"\r\n\0.\n", @"\n\0.\r\n", @"\n..\n", @"\r..\r", @"\r\n\r.\r\n");

    /// <summary>What looks like an end to a careless reader and is none, though all its lines end with CRLF: text, kept as it is.</summary>
    public static TheoryData<string, string> Texts => new()
    {
        { @"\r\n\0.\r\n", "\0.\r\n" }, { @"\r\n.\0\r\n", "\0\r\n" }, { @"\r\n. \r\n", " \r\n" }, { @"\r\n .\r\n", " .\r\n" }, { @"\r\n..\r\n", ".\r\n" }, { @"\r\n.\t\r\n", "\t\r\n" },
        { @"\r\n.\x0b\r\n", "\v\r\n" }, { @"\r\n\xc2\x85.\xc2\x85\r\n", "\u0085.\u0085\r\n" }, { @"\r\n\xe2\x80\xa8.\xe2\x80\xa8\r\n", "\u2028.\u2028\r\n" },
    };

    [Theory, MemberData(nameof(Texts))]
    public async Task Keeps_as_text_what_is_no_end(string sent, string kept)
    {
        foreach (var chunking in Enum.GetValues<Chunking>())
        {
            await using var scene = new SmtpScene();
            await scene.PlayAsync(chunking, SmtpScene.Addressed + $"""
                C: DATA
                S: 354 *
                C> Subject: outer\r\n\r\ntext{sent}MAIL FROM:<mallory@example.net>\r\n.\r\n
                S: 250 *
                """);
            Assert.Equal($"Subject: outer\r\n\r\ntext\r\n{kept}MAIL FROM:<mallory@example.net>\r\n", scene.Mailboxes.Of("alice@example.org").Single().TextAfterTrace);
        }
    }

    [Theory, MemberData(nameof(Ends))]
    public Task Refuses_a_false_end_in_one_piece(string end) => RefusesAsync(Chunking.WholeTurn, end);

    [Theory, MemberData(nameof(Ends))]
    public Task Refuses_a_false_end_octet_by_octet(string end) => RefusesAsync(Chunking.ByteByByte, end);

    [Theory, EveryChunking]
    public Task Refuses_a_command_with_another_line_end(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C> NOOP\nNOOP\r\n
        S: 500 5.5.2 *
        S: (closed)
        """);

    [Theory, EveryChunking]
    public Task Refuses_a_CR_in_a_command(Chunking chunking) => SmtpScene.PlayAsync(chunking, """
        S: 220 *
        C> NOOP\rNOOP\r\n
        S: 500 5.5.2 *
        S: (closed)
        """);

    [Theory, EveryChunking]
    public async Task Takes_what_follows_the_true_end_as_commands(Chunking chunking)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Addressed + """
            C: DATA
            S: 354 *
            C: .
            C: NOOP
            C: QUIT
            S: 250 2.6.0 *
            S: 250 2.0.0 *
            S: 221 *
            S: (closed)
            """);
        Assert.Equal("", scene.Mailboxes.Of("alice@example.org").Single().TextAfterTrace);
    }

    private static async Task RefusesAsync(Chunking chunking, string end)
    {
        await using var scene = new SmtpScene();
        await scene.PlayAsync(chunking, SmtpScene.Addressed + $"""
            C: DATA
            S: 354 *
            C> Subject: outer\r\n\r\ntext{end}MAIL FROM:<mallory@example.net>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: inner\r\n\r\nsmuggled\r\n.\r\n
            S: 554 5.5.2 *
            S: (closed)
            """);
        Assert.Empty(scene.Mailboxes.Deliveries);
    }
}
