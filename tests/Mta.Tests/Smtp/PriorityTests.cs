using MailSuite.Testing;
using MailSuite.Testing.Dialogue;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>What MT-PRIORITY says to the server; the order of the queue stands in <c>Queue/ReadyListTests</c> and <c>Queue/PriorityOrderTests</c>.</summary>
public sealed class PriorityTests
{
    private const string Message = """
        C: DATA
        S: 354 *
        C: Subject: x
        C:
        C: .
        S: 250 2.6.0 *

        """;

    [EhloKeyword("MT-PRIORITY")]
    [Theory]
    [InlineData(9)]
    [InlineData(-9)]
    [InlineData(0)]
    public async Task Keeps_the_priority_of_who_has_authenticated_and_tells_it_in_Received(int priority)
    {
        await using var scene = new SmtpScene(configure: DsnTests.Open);

        await scene.PlayAsync(Chunking.WholeTurn, DsnTests.Authenticated + $"""
            C: MAIL FROM:<alice@example.org> MT-PRIORITY={priority}
            S: 250 2.1.0 *
            C: RCPT TO:<a@there.example>
            S: 250 2.1.5 *

            """ + Message);

        var (message, text) = Assert.Single(scene.Spool.Entries);
        Assert.Equal(priority, message.Requests.Priority);
        Assert.Contains($"\r\n\tfor <a@there.example>\r\n\tPRIORITY {priority};\r\n\t", text, StringComparison.Ordinal);
    }

    [EhloKeyword("MT-PRIORITY")]
    [Theory]
    [InlineData("1", "250 2.3.6 0 *", "PRIORITY 0;")]
    [InlineData("0", "250 2.1.0 *", "PRIORITY 0;")]
    [InlineData("-3", "250 2.1.0 *", "PRIORITY -3;")]
    public async Task Lets_a_stranger_lower_a_priority_and_not_raise_it(string asked, string reply, string clause)
    {
        await using var scene = new SmtpScene();

        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + $"""
            C: MAIL FROM:<carol@example.net> MT-PRIORITY={asked}
            S: {reply}
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 *

            """ + Message);

        Assert.Contains(clause, Assert.Single(scene.Mailboxes.Of("alice@example.org")).Text, StringComparison.Ordinal);
    }

    [Theory, EveryChunking]
    public Task Refuses_what_is_no_priority(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net> MT-PRIORITY=10
        S: 501 5.5.2 *
        C: MAIL FROM:<carol@example.net> MT-PRIORITY
        S: 501 5.5.2 *
        C: MAIL FROM:<carol@example.net> MT-PRIORITY=1 MT-PRIORITY=1
        S: 501 5.5.4 *
        """);
}
