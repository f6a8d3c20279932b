using System.Globalization;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Mda.Tests.Search.Evaluation;

namespace MailSuite.Mda.Tests.Imap.Searching;

public sealed class SearchCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SEARCH ALL", "SEARCH 1 2 3")]
    [InlineData("UID SEARCH ALL", "SEARCH 1 2 4")]
    [InlineData("SEARCH SUBJECT nothing", "SEARCH")]
    [InlineData("SEARCH FLAGGED", "SEARCH 2")]
    [InlineData("SEARCH UNFLAGGED SEEN", "SEARCH 1")]
    [InlineData("SEARCH 2:* NOT FLAGGED", "SEARCH 3")]
    [InlineData("UID SEARCH UID 4:*", "SEARCH 4")]
    [InlineData("SEARCH CHARSET UTF-8 BODY \"Grüße\"", "SEARCH 3")]
    [InlineData("SEARCH CHARSET utf-8 BODY {8+}\r\nGRüßE!", "SEARCH 3")]
    [InlineData("SEARCH BODY \"MORNING\"", "SEARCH 1")]
    [InlineData("SEARCH OR (SUBJECT a BODY morning) (SUBJECT b)", "SEARCH 1 2")]
    [InlineData("SEARCH YOUNGER 3600", "SEARCH 1 2 3")]
    [InlineData("SEARCH OLDER 3600", "SEARCH")]
    [InlineData("SEARCH LARGER 1 SMALLER 1000", "SEARCH 1 2 3")]
    [InlineData("SEARCH SENTON 24-Nov-2026", "SEARCH 1 2 3")]
    [InlineData("SEARCH SAVEDON 24-Nov-2026 SAVEDATESUPPORTED", "SEARCH 1 2 3")]
    [InlineData("SEARCH ON \"24-Nov-2026\"", "SEARCH 1 2 3")]
    [InlineData("SEARCH EMAILID M2", "SEARCH 2")]
    [InlineData("SEARCH RETURN () ALL", "ESEARCH (TAG \"A3\") ALL 1:3")]
    [InlineData("SEARCH RETURN (ALL) SUBJECT nothing", "ESEARCH (TAG \"A3\")")]
    [InlineData("SEARCH RETURN (MIN MAX COUNT) ALL", "ESEARCH (TAG \"A3\") MIN 1 MAX 3 COUNT 3")]
    [InlineData("UID SEARCH RETURN (MIN MAX ALL COUNT) ALL", "ESEARCH (TAG \"A3\") UID MIN 1 MAX 4 ALL 1:2,4 COUNT 3")]
    [InlineData("SEARCH RETURN (COUNT) SUBJECT nothing", "ESEARCH (TAG \"A3\") COUNT 0")]
    [InlineData("SEARCH RETURN (PARTIAL 1:2) ALL", "ESEARCH (TAG \"A3\") PARTIAL (1:2 1:2)")]
    [InlineData("UID SEARCH RETURN (PARTIAL -1:-2 COUNT) ALL", "ESEARCH (TAG \"A3\") UID COUNT 3 PARTIAL (-1:-2 2,4)")]
    [InlineData("SEARCH RETURN (PARTIAL 9:10) ALL", "ESEARCH (TAG \"A3\") PARTIAL (9:10 NIL)")]
    public async Task Tells_what_it_finds(string command, string response)
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        Assert.Equal([response], await client.OkAsync(command));
    }

    [Theory]
    [InlineData("SEARCH")]
    [InlineData("SEARCH ")]
    [InlineData("SEARCH NONSENSE")]
    [InlineData("SEARCH ALL ")]
    [InlineData("SEARCH (ALL")]
    [InlineData("SEARCH ()")]
    [InlineData("SEARCH OR ALL")]
    [InlineData("SEARCH NOT")]
    [InlineData("SEARCH ON 31-Feb-2026")]
    [InlineData("SEARCH OLDER 0")]
    [InlineData("SEARCH LARGER x")]
    [InlineData("SEARCH MODSEQ")]
    [InlineData("SEARCH RETURN ALL")]
    [InlineData("SEARCH RETURN (NONSENSE) ALL")]
    [InlineData("SEARCH RETURN (ALL PARTIAL 1:2) ALL")]
    [InlineData("SEARCH RETURN (PARTIAL 1:-2) ALL")]
    [InlineData("SEARCH RETURN (PARTIAL 0:2) ALL")]
    [InlineData("SEARCH RETURN (ALL)")]
    [InlineData("SEARCH CHARSET UTF-8")]
    public async Task Wants_its_grammar(string command)
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        await client.BadAsync(command);
    }

    [Fact]
    public async Task Says_which_charsets_it_has()
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        Assert.StartsWith("NO [BADCHARSET (US-ASCII UTF-8)]", await client.NoAsync("SEARCH CHARSET KOI8-R ALL"), StringComparison.Ordinal);
        Assert.Equal(["SEARCH 1 2 3"], await client.OkAsync("SEARCH CHARSET US-ASCII ALL"));
    }

    [Fact]
    public async Task Takes_keys_and_depth_up_to_their_limits()
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        Assert.Equal(["SEARCH 1 2 3"], await client.OkAsync("SEARCH " + string.Concat(Enumerable.Repeat("NOT ", Mda.Search.Keys.SearchGrammar.MaxDepth)) + "ALL"));
        Assert.StartsWith("NO [LIMIT]", await client.NoAsync("SEARCH " + string.Concat(Enumerable.Repeat("NOT ", Mda.Search.Keys.SearchGrammar.MaxDepth + 1)) + "ALL"), StringComparison.Ordinal);
        Assert.Equal(["SEARCH 1 2 3"], await client.OkAsync("SEARCH " + string.Join(' ', Enumerable.Repeat("ALL", Mda.Search.Keys.SearchGrammar.MaxKeys))));
        Assert.StartsWith("NO [LIMIT]", await client.NoAsync("SEARCH " + string.Join(' ', Enumerable.Repeat("ALL", Mda.Search.Keys.SearchGrammar.MaxKeys + 1))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_by_ESEARCH_to_a_client_of_IMAP4rev2()
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync("SELECT INBOX", "ENABLE IMAP4rev2");

        Assert.Equal(["ESEARCH (TAG \"A4\") ALL 1:3"], await client.OkAsync("SEARCH ALL"));
    }

    [Fact]
    public async Task Tells_the_highest_ModSeq_of_what_was_found_and_switches_CONDSTORE_on()
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();

        var first = await client.OkAsync("SEARCH MODSEQ 1");
        Assert.StartsWith("OK [HIGHESTMODSEQ ", first[0], StringComparison.Ordinal);
        Assert.Matches(@"^SEARCH 1 2 3 \(MODSEQ \d+\)$", first[1]);
        Assert.Matches(@"^ESEARCH \(TAG ""A4""\) MIN 1 MODSEQ \d+$", Assert.Single(await client.OkAsync("SEARCH RETURN (MIN) MODSEQ \"/flags/\\\\draft\" all 1")));
        Assert.Equal(["SEARCH"], await client.OkAsync("SEARCH MODSEQ 999999"));
    }

    [Fact]
    public async Task Finds_a_message_that_came_a_moment_ago_beside_those_in_the_index()
    {
        await using var scene = await FillAsync();
        await SearchEvaluationTests.IndexAsync(scene.Imap.Mda);
        var client = await scene.SelectAsync();
        Assert.Equal(["SEARCH 1"], await client.OkAsync("UID SEARCH BODY morning"));

        await scene.AppendAsync("Subject: d\r\n\r\nEarly in the morning.\r\n");

        Assert.Equal(["4 EXISTS", "SEARCH 1 5"], await client.OkAsync("UID SEARCH BODY morning"));
    }

    [Fact]
    public async Task Finds_no_message_that_is_gone_and_moves_no_number()
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync();
        await scene.Imap.Mda.Mailboxes.ExpungeAsync(scene.Ann.Id, (await scene.Imap.Mda.MailboxAsync(scene.Ann)).Id, [new Uid(1)], Cancellation);

        Assert.Equal(["SEARCH 2 3"], await client.OkAsync("SEARCH OR ALL SUBJECT a"));
        Assert.Equal(["1 EXPUNGE", "SEARCH 2 4"], await client.OkAsync("UID SEARCH ALL"));
    }

    [Fact]
    public async Task With_UIDONLY_there_are_UIDs_alone()
    {
        await using var scene = await FillAsync();
        var client = await scene.SelectAsync("SELECT INBOX", "ENABLE UIDONLY");

        Assert.StartsWith("BAD [UIDREQUIRED]", await client.BadAsync("SEARCH ALL"), StringComparison.Ordinal);
        Assert.StartsWith("BAD [UIDREQUIRED]", await client.BadAsync("UID SEARCH 1:2"), StringComparison.Ordinal);
        Assert.Equal(["SEARCH 4"], await client.OkAsync("UID SEARCH UID 4"));
    }

    [Fact]
    public async Task Needs_a_selected_mailbox()
    {
        await using var scene = await FillAsync();
        var client = await scene.Imap.SignInAsync();

        foreach (var command in (string[])["SEARCH ALL", "UID SEARCH ALL", "SORT (DATE) UTF-8 ALL", "UID SORT (DATE) UTF-8 ALL", "THREAD REFERENCES UTF-8 ALL", "UID THREAD REFERENCES UTF-8 ALL", "CANCELUPDATE \"x\"", "ESEARCH ALL"])
            await client.BadAsync(command);
    }

    /// <summary>Three messages with the UIDs 1, 2 and 4.</summary>
    internal static async Task<MailboxScene> FillAsync()
    {
        var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync(Message("a", "Good morning."), MessageFlags.Seen);
        await scene.AppendAsync(Message("b", "Good evening."), MessageFlags.Flagged | MessageFlags.Seen);
        await scene.AppendAsync(Message("x", "Gone."));
        await scene.AppendAsync(Message("c", "Gr=C3=BC=C3=9Fe!", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"));
        await scene.Imap.Mda.Mailboxes.ExpungeAsync(scene.Ann.Id, (await scene.Imap.Mda.MailboxAsync(scene.Ann)).Id, [new Uid(3)], Cancellation);
        return scene;
    }

    internal static string Message(string subject, string body, string fields = "") =>
        string.Create(CultureInfo.InvariantCulture, $"From: {subject}@example.net\r\nSubject: {subject}\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n{fields}\r\n{body}\r\n");
}
