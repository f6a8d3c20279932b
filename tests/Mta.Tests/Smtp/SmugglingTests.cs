using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Nothing but CRLF ends a line, nothing but CRLF dot CRLF ends a message, and nobody gets a second message through in the first.</summary>
public sealed class SmugglingTests
{
    public static TheoryData<string> Ends => new(@"\n.\n", @"\r\n.\n", @"\n.\r\n", @"\r.\r\n", @"\r\n.\rx", @"\r.\r", @"\n\n.\n\n", @"\r\r\n.\r\n", @"\0\n.\n", @"\n.\r");

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
            C: .
            C: NOOP
            C: QUIT
            S: 354 *
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
