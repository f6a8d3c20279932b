using System.Globalization;
using System.Text.RegularExpressions;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>CONDSTORE and QRESYNC (RFC 7162): what a client that comes back has to hear, and no more.</summary>
public sealed class QResyncTests
{
    private const string Enable = "ENABLE QRESYNC";

    [Fact]
    public async Task A_client_that_comes_back_hears_what_it_missed()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(6);
        await using var client = await scene.Imap.SignInAsync();
        await client.OkAsync(Enable);
        var told = await client.OkAsync("SELECT INBOX");
        var validity = Number(told, "UIDVALIDITY");
        var known = Number(told, "HIGHESTMODSEQ");
        await client.OkAsync("STORE 2:3,5 +FLAGS.SILENT (\\Deleted)");
        await client.OkAsync("STORE 6 +FLAGS.SILENT (\\Seen)");
        await client.OkAsync("EXPUNGE");
        await scene.FillAsync(1);

        var missed = await client.OkAsync($"SELECT INBOX (QRESYNC ({validity} {known}))");
        Assert.Equal(["VANISHED (EARLIER) 2:3,5", "3 FETCH (UID 6 FLAGS (\\Seen) MODSEQ (9))", "4 FETCH (UID 7 FLAGS () MODSEQ (11))"], missed.TakeLast(3));
        missed = await client.OkAsync($"SELECT INBOX (QRESYNC ({validity} {known} 1:3,6))");
        Assert.Equal(["VANISHED (EARLIER) 2:3", "3 FETCH (UID 6 FLAGS (\\Seen) MODSEQ (9))"], missed.TakeLast(2));
        missed = await client.OkAsync($"SELECT INBOX (QRESYNC ({validity} {known} 1:2 (1,2 1,2)))");
        Assert.Equal("VANISHED (EARLIER) 2", missed[^1]);
        foreach (var nothing in (string[])[$"{validity} {Number(missed, "HIGHESTMODSEQ")}", $"{validity + 1} {known}"])
            Assert.DoesNotContain(await client.OkAsync($"SELECT INBOX (QRESYNC ({nothing}))"), line => line.Contains("VANISHED", StringComparison.Ordinal) || line.Contains("FETCH", StringComparison.Ordinal));
        foreach (var wrong in (string[])["()", "(1)", "(0 1)", "(1 0)", "(1 1 *)", "(1 1 1:*)", "(1 1 $)", "(1 1 1 (1))", "(1 1 1 (1 2) 3)"])
            await client.BadAsync($"SELECT INBOX (QRESYNC {wrong})");
    }

    [Fact]
    public async Task VANISHED_stands_in_the_place_of_EXPUNGE_once_it_is_enabled()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(5);
        await using var client = await scene.SelectAsync("SELECT INBOX", Enable);
        await using var other = await scene.SelectAsync("SELECT INBOX", Enable);
        await client.OkAsync("STORE 1:2,4 +FLAGS.SILENT (\\Deleted)");

        Assert.Equal(["* VANISHED 1:2,4", "A5 OK [HIGHESTMODSEQ 8] Expunged."], await client.CommandAsync("EXPUNGE"));
        Assert.Equal(["VANISHED 1:2,4"], await other.OkAsync("NOOP"));
        var moved = await client.CommandAsync("UID MOVE 5 Trash");
        Assert.Equal(["* VANISHED 5", "A6 OK [HIGHESTMODSEQ 9] Moved."], moved.Skip(1));
    }

    [Fact]
    public async Task Tells_what_changed_since_and_what_went_since()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(5);
        await using var client = await scene.SelectAsync("SELECT INBOX", Enable);
        await client.OkAsync("STORE 2 +FLAGS.SILENT (\\Seen)");
        await client.OkAsync("STORE 4 +FLAGS.SILENT (\\Deleted)");
        await client.OkAsync("EXPUNGE");

        Assert.Equal(["2 FETCH (UID 2 MODSEQ (7))"], await client.OkAsync("FETCH 1:4 UID (CHANGEDSINCE 6)"));
        Assert.Equal(["VANISHED (EARLIER) 4", "2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (7))"], await client.OkAsync("UID FETCH 1:* FLAGS (CHANGEDSINCE 6 VANISHED)"));
        Assert.Equal(["2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (7))"], await client.OkAsync("UID FETCH 1:3 FLAGS (VANISHED CHANGEDSINCE 6)"));
        Assert.Equal(["4 FETCH (UID 5 MODSEQ (6))"], await client.OkAsync("UID FETCH 1:* UID (CHANGEDSINCE 4 PARTIAL -1:-1)"));
        await client.BadAsync("FETCH 1:* FLAGS (CHANGEDSINCE 6 VANISHED)");
        await client.BadAsync("UID FETCH 1:* FLAGS (VANISHED)");
    }

    [Fact]
    public async Task Without_ENABLE_there_is_no_VANISHED()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();

        await client.BadAsync("UID FETCH 1:* FLAGS (CHANGEDSINCE 1 VANISHED)");
        await client.BadAsync("SELECT INBOX (QRESYNC (1 1))");
        Assert.Equal(["OK [HIGHESTMODSEQ 3] From here on.", "1 FETCH (UID 1 MODSEQ (2))", "2 FETCH (UID 2 MODSEQ (3))"], await client.OkAsync("UID FETCH 1:* UID (CHANGEDSINCE 1)"));
    }

    [Fact]
    public async Task Every_command_that_asks_for_ModSeqs_switches_them_on()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(1);
        string[][] ways = [["FETCH 1 MODSEQ"], ["FETCH 1 UID (CHANGEDSINCE 1)"], ["STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Draft)"], ["EXAMINE INBOX", "SELECT INBOX (CONDSTORE)"], ["ENABLE CONDSTORE"]];
        await using var other = await scene.SelectAsync();
        for (var i = 0; i < ways.Length; i++)
        {
            await using var client = await scene.SelectAsync();
            foreach (var command in ways[i])
                await client.OkAsync(command);
            await other.OkAsync($"STORE 1 FLAGS.SILENT (k{i})");

            Assert.Matches(@"^1 FETCH \(UID 1 FLAGS \(k[0-9]\) MODSEQ \([0-9]+\)\)$", (await client.OkAsync("NOOP"))[^1]);
        }
    }

    private static long Number(IReadOnlyList<string> told, string code) =>
        long.Parse(told.Select(line => Regex.Match(line, $@"\[{code} ([0-9]+)\]")).Single(match => match.Success).Groups[1].Value, CultureInfo.InvariantCulture);
}
