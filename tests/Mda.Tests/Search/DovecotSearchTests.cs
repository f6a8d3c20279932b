using System.Globalization;
using System.Text;
using MailSuite.Mda.Tests.Imap;
using MailSuite.Mda.Tests.Mime;
using MailSuite.Mda.Tests.Search.Evaluation;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Search;

/// <summary>What SEARCH, SORT and THREAD find in the corpora, here and in Debian's Dovecot. The README of the folder has the differences.</summary>
public sealed class DovecotSearchTests
{
    private static readonly string[] SortKeys = ["ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO"];

    private static readonly string[] Words =
    [
        "the", "test", "hello", "message", "text", "content", "Hi", "plain", "example", "äö", "é", "ü", "日本", "テスト", "от", "привет", "boundary", "multipart", "attach",
        "html", "image", "gif", "world", "line", "This is", "a", "2", "@", ".com", "simple", "part", "Mime", "inline", "quoted", "base64", "utf-8",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Finds_and_orders_as_Dovecot_does_but_for_the_differences_that_the_readme_explains()
    {
        Assert.SkipUnless(Dovecot.IsInstalled || Dovecot.IsRequired, Dovecot.Absent);
        Assert.SkipWhen(TestVectors.Folder is null, TestVectors.Absent);
        await using var dovecot = await Dovecot.StartAsync(Cancellation);
        await using var scene = await MailboxScene.CreateAsync();
        var names = await FillAsync(scene, dovecot.Talk);
        await SearchEvaluationTests.IndexAsync(scene.Imap.Mda);
        await dovecot.Talk.CommandAsync("SELECT INBOX", Cancellation);
        var client = await scene.SelectAsync();
        var known = KnownDifferences.Read("Search");
        var unexplained = new StringBuilder();

        foreach (var (item, criteria) in Searches())
        {
            var theirs = Numbers(await TheirsAsync(dovecot.Talk, "SEARCH CHARSET UTF-8 " + criteria)).ToHashSet();
            var ours = Numbers((await client.OkAsync("SEARCH CHARSET UTF-8 " + criteria))[^1]).ToHashSet();
            foreach (var number in theirs.Except(ours).Union(ours.Except(theirs)).Order())
            {
                if (!known.Explains(names[number - 1], item))
                    unexplained.Append(CultureInfo.InvariantCulture, $"{item}: {criteria}: {names[number - 1]} {(ours.Contains(number) ? "here" : "Dovecot")}\n");
            }
        }

        foreach (var command in SortKeys.Select(key => $"SORT ({key})").Append("THREAD REFERENCES").Append("THREAD ORDEREDSUBJECT"))
        {
            // What the table explains is left out, and the rest must be the same to the last number.
            var item = command.Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal);
            var compared = Enumerable.Range(1, names.Count).Where(number => !known.Explains(names[number - 1], item)).ToList();
            var text = $"{command} UTF-8 {string.Join(',', compared)}";
            var theirs = await TheirsAsync(dovecot.Talk, text);
            var ours = (await client.OkAsync(text))[^1].Replace(" ", "", StringComparison.Ordinal);
            if (theirs.Replace(" ", "", StringComparison.Ordinal) != ours)
                unexplained.Append(CultureInfo.InvariantCulture, $"{item}:\n  Dovecot {theirs}\n  here    {(await client.OkAsync(text))[^1]}\n{Blame(Numbers(theirs), Numbers((await client.OkAsync(text))[^1]), names)}");
        }

        Assert.Equal("", unexplained.ToString());
        Assert.Empty(known.Unused([.. names]));
    }

    private static async Task<List<string>> FillAsync(MailboxScene scene, ImapTalk dovecot)
    {
        var names = new List<string>();
        var at = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
        var inbox = await scene.Imap.Mda.MailboxAsync(scene.Ann);
        foreach (var file in TestVectors.Messages())
        {
            var octets = WithCrLf(await File.ReadAllBytesAsync(file, Cancellation));
            if (octets.Length == 0)
                continue;
            names.Add(Path.GetFileName(file));
            at = at.AddMinutes(1);
            await dovecot.CommandAsync($"APPEND INBOX \"{at.ToString("dd-MMM-yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000\"", Cancellation, octets);
            var append = new MessageAppend(DeliveryId.New(TimeProvider.System), new Shared.Content.MemoryContent(octets), MessageFlags.None, at, null);
            Assert.IsType<AppendOutcome.Appended>(await scene.Imap.Mda.Mailboxes.AppendAsync(scene.Ann.Id, inbox.Id, append, Cancellation));
        }

        return names;
    }

    private static IEnumerable<(string Item, string Criteria)> Searches()
    {
        foreach (var word in Words)
        {
            foreach (var key in (string[])["SUBJECT", "FROM", "TO", "BODY", "TEXT", "HEADER Content-Type"])
                yield return (key, $"{key} \"{word}\"");
        }

        foreach (var field in (string[])["CC", "BCC", "HEADER Received", "HEADER X-Mailer", "HEADER Content-Disposition", "HEADER Mime-Version"])
            yield return (field, $"{field} \"\"");
        foreach (var day in (string[])["1-Jan-1996", "25-Nov-2002", "17-Oct-2012", "1-Jan-2014"])
        {
            foreach (var key in (string[])["SENTBEFORE", "SENTON", "SENTSINCE"])
                yield return (key, $"{key} {day} HEADER Date \"\"");
        }

        yield return ("LARGER", "LARGER 2000");
        yield return ("SMALLER", "SMALLER 500");
        yield return ("OR", "OR SMALLER 500 NOT SUBJECT \"test\"");
        yield return ("ON", "ON 24-Nov-2026");
    }

    private static async Task<string> TheirsAsync(ImapTalk dovecot, string command)
    {
        var (tagged, untagged) = await dovecot.TryCommandAsync(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(command)), Cancellation);
        Assert.True(tagged.Items![1].Text == "OK", $"{command}: {tagged}");
        var name = command.StartsWith("SEARCH", StringComparison.Ordinal) ? "SEARCH" : command[..command.IndexOf(' ', StringComparison.Ordinal)];
        return string.Join(' ', untagged.Single(response => response.Items![1].Text == name).Items!.Skip(1));
    }

    private static List<int> Numbers(string response) =>
        [.. System.Text.RegularExpressions.Regex.Matches(response, "[0-9]+").Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture))];

    /// <summary>The mails without which both orders would be the same: all but a longest common subsequence.</summary>
    private static string Blame(List<int> theirs, List<int> ours, List<string> names)
    {
        var longest = new int[theirs.Count + 1, ours.Count + 1];
        for (var i = theirs.Count - 1; i >= 0; i--)
        {
            for (var j = ours.Count - 1; j >= 0; j--)
                longest[i, j] = theirs[i] == ours[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
        }

        var common = new HashSet<int>();
        for (int i = 0, j = 0; i < theirs.Count && j < ours.Count;)
        {
            if (theirs[i] == ours[j])
            {
                common.Add(theirs[i]);
                i++;
                j++;
            }
            else if (longest[i + 1, j] >= longest[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return string.Concat(theirs.Where(number => !common.Contains(number)).Select(number => $"  {number} {names[number - 1]}\n"));
    }

    private static byte[] WithCrLf(byte[] octets)
    {
        var lines = new List<byte>(octets.Length);
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r'))
                lines.Add((byte)'\r');
            lines.Add(octets[i]);
        }

        return [.. lines];
    }
}
