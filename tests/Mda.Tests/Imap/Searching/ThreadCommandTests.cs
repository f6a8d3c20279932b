namespace MailSuite.Mda.Tests.Imap.Searching;

public sealed class ThreadCommandTests
{
    [Theory]
    [InlineData("THREAD REFERENCES UTF-8 ALL", "THREAD (1 3 (4)(5))(2)")]
    [InlineData("UID THREAD REFERENCES UTF-8 UID 2:4", "THREAD (2)(3 4)")]
    [InlineData("THREAD ORDEREDSUBJECT UTF-8 ALL", "THREAD (1 (3)(4))(2)(5)")]
    [InlineData("THREAD REFERENCES US-ASCII SUBJECT nothing", "THREAD")]
    public async Task Puts_conversations_together(string command, string response)
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        Assert.Equal([response], await client.OkAsync(command));
        await Search.Evaluation.SearchEvaluationTests.IndexAsync(scene.Imap.Mda);
        Assert.Equal([response], await client.OkAsync(command));
    }

    [Theory]
    [InlineData("THREAD")]
    [InlineData("THREAD NONSENSE UTF-8 ALL")]
    [InlineData("THREAD REFERENCES ALL")]
    [InlineData("THREAD REFERENCES UTF-8")]
    public async Task Wants_its_grammar(string command)
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        await client.BadAsync(command);
        Assert.StartsWith("NO [BADCHARSET ", await client.NoAsync("THREAD REFERENCES KOI8-R ALL"), StringComparison.Ordinal);
    }

    private static async Task<MailboxScene> FillAsync()
    {
        var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync(Message(1, "Plan", string.Empty));
        await scene.AppendAsync(Message(2, "Lunch", string.Empty));
        await scene.AppendAsync(Message(3, "Re: Plan", "References: <1@x>\r\n"));
        await scene.AppendAsync(Message(4, "AW: Plan", "In-Reply-To: <3@x>\r\n").Replace("AW:", "Re: [list]", StringComparison.Ordinal));
        await scene.AppendAsync(Message(5, "Other words", "References: <1@x> <3@x>\r\n"));
        return scene;
    }

    private static string Message(int number, string subject, string fields) =>
        $"Subject: {subject}\r\nMessage-ID: <{number}@x>\r\nDate: Tue, 24 Nov 2026 10:0{number}:00 +0000\r\n{fields}\r\nText.\r\n";
}
