using MailSuite.Mda.Imap.Searching;

namespace MailSuite.Mda.Tests.Imap.Searching;

public sealed class SearchContextTests
{
    [Fact]
    public async Task Tells_what_comes_to_a_result_and_what_goes()
    {
        await using var scene = await SearchCommandTests.FillAsync();
        var client = await scene.SelectAsync();
        Assert.Equal(["ESEARCH (TAG \"A3\") UID ALL 2 COUNT 1"], await client.OkAsync("UID SEARCH RETURN (UPDATE ALL COUNT) FLAGGED"));

        Assert.Contains("ESEARCH (TAG \"A3\") UID ADDTO (0 1)", await client.OkAsync("UID STORE 1 +FLAGS (\\Flagged)"));
        Assert.Contains("ESEARCH (TAG \"A3\") UID REMOVEFROM (0 2)", await client.OkAsync("UID STORE 2 -FLAGS (\\Flagged)"));
        await client.OkAsync("UID STORE 1 +FLAGS (\\Deleted)");
        Assert.Contains("ESEARCH (TAG \"A3\") UID REMOVEFROM (0 1)", await client.OkAsync("EXPUNGE"));
        Assert.DoesNotContain(await client.OkAsync("UID STORE 4 +FLAGS (\\Seen)"), response => response.StartsWith("ESEARCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tells_of_new_messages_that_match_after_they_are_told_themselves()
    {
        await using var scene = await SearchCommandTests.FillAsync();
        var client = await scene.SelectAsync();
        await client.OkAsync("SEARCH RETURN (UPDATE COUNT) BODY morning");

        await scene.AppendAsync("Subject: d\r\n\r\nEarly in the morning.\r\n");
        await scene.AppendAsync("Subject: e\r\n\r\nLate at night.\r\n");

        Assert.Equal(["5 EXISTS", "ESEARCH (TAG \"A3\") ADDTO (0 4)"], await client.OkAsync("NOOP"));
    }

    [Fact]
    public async Task Ends_by_CANCELUPDATE_and_with_the_selection()
    {
        await using var scene = await SearchCommandTests.FillAsync();
        var client = await scene.SelectAsync();
        await client.OkAsync("UID SEARCH RETURN (UPDATE) FLAGGED");

        await client.NoAsync("CANCELUPDATE \"A9\"");
        await client.BadAsync("CANCELUPDATE A3");
        await client.BadAsync("CANCELUPDATE");
        await client.OkAsync("CANCELUPDATE \"A3\"");
        Assert.DoesNotContain(await client.OkAsync("UID STORE 1 +FLAGS (\\Flagged)"), IsResult);

        await client.OkAsync("UID SEARCH RETURN (UPDATE) FLAGGED");
        await client.OkAsync("SELECT INBOX");
        Assert.DoesNotContain(await client.OkAsync("UID STORE 1 -FLAGS (\\Flagged)"), IsResult);
    }

    [Fact]
    public async Task Refuses_what_it_cannot_keep_and_more_than_its_limit()
    {
        await using var scene = await SearchCommandTests.FillAsync();
        var client = await scene.SelectAsync();

        Assert.Contains("NO [NOUPDATE \"A3\"] It is not kept up to date.", await client.OkAsync("UID SEARCH RETURN (UPDATE) 1:2"));
        for (var i = 0; i < SearchContexts.MaxContexts; i++)
            Assert.DoesNotContain(await client.OkAsync("UID SEARCH RETURN (UPDATE CONTEXT) ALL"), response => response.StartsWith("NO", StringComparison.Ordinal));
        Assert.Contains(await client.OkAsync("UID SEARCH RETURN (UPDATE) ALL"), response => response.StartsWith("NO [NOUPDATE ", StringComparison.Ordinal));
    }

    private static bool IsResult(string response) => response.StartsWith("ESEARCH", StringComparison.Ordinal);
}
