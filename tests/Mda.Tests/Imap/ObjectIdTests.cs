using System.Text.RegularExpressions;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>Names that stay (RFC 8474) and when a message came to where it is (RFC 8514).</summary>
public sealed class ObjectIdTests
{
    [Fact]
    public async Task A_message_keeps_its_name_and_its_conversation_wherever_it_goes_and_a_mailbox_its_own()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.AppendAsync(MailboxScene.Simple);
        await scene.AppendAsync(MailboxScene.Simple.Replace("<1@example.net>", "<2@example.net>\r\nIn-Reply-To: <1@example.net>", StringComparison.Ordinal));
        await scene.AppendAsync(MailboxScene.Simple.Replace("<1@example.net>", "<3@example.net>", StringComparison.Ordinal).Replace("Hello", "Something else", StringComparison.Ordinal));
        await using var client = await scene.SelectAsync();

        var told = await client.OkAsync("FETCH 1:3 (EMAILID THREADID)");
        var ids = told.Select(line => Regex.Match(line, @"EMAILID \((?<email>M[0-9]+)\) THREADID \((?<thread>T[0-9]+)\)", RegexOptions.ExplicitCapture)).ToList();
        Assert.All(ids, match => Assert.True(match.Success));
        Assert.Equal(3, ids.Select(match => match.Groups["email"].Value).Distinct().Count());
        Assert.Equal(ids[0].Groups["thread"].Value, ids[1].Groups["thread"].Value);
        Assert.NotEqual(ids[0].Groups["thread"].Value, ids[2].Groups["thread"].Value);
        Assert.Equal(["2 FETCH (UID 2)"], await client.OkAsync($"FETCH 2 UID"));
        var search = await client.OkAsync($"SEARCH EMAILID {ids[1].Groups["email"].Value}");
        Assert.Equal(["SEARCH 2"], search);
        Assert.Equal(["SEARCH 1 2"], await client.OkAsync($"SEARCH THREADID {ids[0].Groups["thread"].Value}"));

        await client.OkAsync("MOVE 2 Trash");
        await client.OkAsync("RENAME Trash Waste");
        var name = (await client.OkAsync("STATUS Waste (MAILBOXID)"))[0].Split("MAILBOXID ")[1].TrimEnd(')');
        Assert.Contains(await client.OkAsync("SELECT Waste"), line => line.Contains($"[MAILBOXID {name})]", StringComparison.Ordinal));
        Assert.Equal([told[1].Replace("2 FETCH", "1 FETCH", StringComparison.Ordinal)], await client.OkAsync("FETCH 1 (EMAILID THREADID)"));
    }

    [Fact]
    public async Task A_message_has_the_date_at_which_it_came_into_this_mailbox()
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(2);
        await using var client = await scene.SelectAsync();
        scene.Imap.Clock.Advance(TimeSpan.FromDays(2));

        await client.OkAsync("COPY 1 INBOX");
        await client.OkAsync("MOVE 2 Trash");

        Assert.Equal(
            ["1 FETCH (SAVEDATE \"24-Nov-2026 12:00:00 +0000\")", "2 FETCH (SAVEDATE \"26-Nov-2026 12:00:00 +0000\")"],
            await client.OkAsync("FETCH 1:2 SAVEDATE"));
        Assert.Equal(["SEARCH 2"], await client.OkAsync("SEARCH SAVEDSINCE 26-Nov-2026"));
        Assert.Equal(["SEARCH 1"], await client.OkAsync("SEARCH SAVEDBEFORE 26-Nov-2026"));
        Assert.Equal(["SEARCH 1 2"], await client.OkAsync("SEARCH SAVEDATESUPPORTED"));
        await client.OkAsync("SELECT Trash");
        Assert.Equal(["1 FETCH (INTERNALDATE \"24-Nov-2026 12:00:00 +0000\" SAVEDATE \"26-Nov-2026 12:00:00 +0000\")"], await client.OkAsync("FETCH 1 (INTERNALDATE SAVEDATE)"));
    }
}
