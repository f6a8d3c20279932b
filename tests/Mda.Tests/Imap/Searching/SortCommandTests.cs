namespace MailSuite.Mda.Tests.Imap.Searching;

public sealed class SortCommandTests
{
    private static readonly (string Subject, string From, string To, string Date)[] Messages =
    [
        ("Re: banana", "Zoe <b@example.net>", "c@example.org", "Tue, 24 Nov 2026 10:00:00 +0000"),
        ("apple", "=?utf-8?Q?=C3=84nne?= <c@example.net>", "a@example.org", "Tue, 24 Nov 2026 10:00:00 +0200"),
        ("[list] Banana", "a@example.net", "Ben <b@example.org>", "Mon, 23 Nov 2026 10:00:00 +0000"),
        ("Cherry", "Ann <d@example.net>", "Team: x@example.org;", "nonsense"),
    ];

    [Theory]
    [InlineData("SORT (SUBJECT) UTF-8 ALL", "SORT 2 1 3 4")]
    [InlineData("SORT (REVERSE SUBJECT) UTF-8 ALL", "SORT 4 1 3 2")]
    [InlineData("SORT (SUBJECT REVERSE DATE) UTF-8 ALL", "SORT 2 1 3 4")]
    [InlineData("SORT (SUBJECT DATE) US-ASCII ALL", "SORT 2 3 1 4")]
    [InlineData("SORT (DATE) UTF-8 ALL", "SORT 3 2 1 4")]
    [InlineData("SORT (FROM) UTF-8 ALL", "SORT 3 1 2 4")]
    [InlineData("SORT (DISPLAYFROM) UTF-8 ALL", "SORT 3 4 2 1")]
    [InlineData("SORT (TO) UTF-8 ALL", "SORT 2 3 1 4")]
    [InlineData("SORT (DISPLAYTO) UTF-8 ALL", "SORT 2 3 1 4")]
    [InlineData("SORT (ARRIVAL) UTF-8 ALL", "SORT 1 2 3 4")]
    [InlineData("SORT (REVERSE ARRIVAL) UTF-8 ALL", "SORT 1 2 3 4")]
    [InlineData("SORT (SIZE) UTF-8 2:3", "SORT 3 2")]
    [InlineData("UID SORT (SUBJECT) UTF-8 NOT SUBJECT banana", "SORT 2 4")]
    [InlineData("SORT (SUBJECT) UTF-8 SUBJECT nothing", "SORT")]
    [InlineData("SORT RETURN (ALL) (SUBJECT) UTF-8 ALL", "ESEARCH (TAG \"A3\") ALL 2,1,3:4")]
    [InlineData("SORT RETURN (MIN MAX COUNT) (SUBJECT) UTF-8 ALL", "ESEARCH (TAG \"A3\") MIN 2 MAX 4 COUNT 4")]
    [InlineData("UID SORT RETURN (PARTIAL 2:3) (SUBJECT DATE) UTF-8 ALL", "ESEARCH (TAG \"A3\") UID PARTIAL (2:3 3,1)")]
    [InlineData("UID SORT RETURN (PARTIAL -1:-2) (SUBJECT DATE) UTF-8 ALL", "ESEARCH (TAG \"A3\") UID PARTIAL (-1:-2 1,4)")]
    public async Task Puts_in_order(string command, string response)
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        Assert.Equal([response], await client.OkAsync(command));
        await Search.Evaluation.SearchEvaluationTests.IndexAsync(scene.Imap.Mda);
        Assert.Equal([response.Replace("A3", "A4", StringComparison.Ordinal)], await client.OkAsync(command));
    }

    [Theory]
    [InlineData("SORT")]
    [InlineData("SORT () UTF-8 ALL")]
    [InlineData("SORT (NONSENSE) UTF-8 ALL")]
    [InlineData("SORT (REVERSE) UTF-8 ALL")]
    [InlineData("SORT (SUBJECT) ALL")]
    [InlineData("SORT SUBJECT UTF-8 ALL")]
    [InlineData("SORT RETURN (UPDATE) (SUBJECT) UTF-8 ALL")]
    public async Task Wants_its_grammar(string command)
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        await client.BadAsync(command);
    }

    [Fact]
    public async Task Says_which_charsets_it_has_and_the_ModSeq()
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        Assert.StartsWith("NO [BADCHARSET ", await client.NoAsync("SORT (DATE) KOI8-R ALL"), StringComparison.Ordinal);
        Assert.Matches(@"^SORT 2 1 3 4 \(MODSEQ \d+\)$", (await client.OkAsync("SORT (SUBJECT) UTF-8 MODSEQ 1"))[^1]);
    }

    internal static async Task<MailboxScene> FillAsync()
    {
        var scene = await MailboxScene.CreateAsync();
        foreach (var (subject, from, to, date) in Messages)
            await scene.AppendAsync($"Subject: {subject}\r\nFrom: {from}\r\nTo: {to}\r\nDate: {date}\r\n\r\nText.\r\n");
        return scene;
    }
}
