using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap.Searching;

/// <summary><c>RETURN (SAVE)</c> and <c>$</c> (RFC 5182).</summary>
public sealed class SearchResultTests
{
    [Theory]
    [InlineData("SEARCH RETURN (SAVE) FLAGGED", "SEARCH 2")]
    [InlineData("UID SEARCH RETURN (SAVE) ALL", "SEARCH 1 2 4")]
    [InlineData("SEARCH RETURN (SAVE MIN) ALL", "SEARCH 1")]
    [InlineData("SEARCH RETURN (SAVE MAX) ALL", "SEARCH 4")]
    [InlineData("SEARCH RETURN (SAVE MIN MAX) ALL", "SEARCH 1 4")]
    [InlineData("SEARCH RETURN (SAVE MIN COUNT) ALL", "SEARCH 1 2 4")]
    [InlineData("SEARCH RETURN (SAVE PARTIAL 2:2) ALL", "SEARCH 2")]
    [InlineData("SORT RETURN (SAVE MIN) (REVERSE SUBJECT) UTF-8 ALL", "SEARCH 4")]
    [InlineData("SEARCH ALL", "SEARCH")]
    public async Task Saves_what_the_options_are_about(string command, string saved)
    {
        await using var scene = await SearchCommandTests.FillAsync();
        var client = await scene.SelectAsync();

        await client.OkAsync(command);

        Assert.Equal([saved], await client.OkAsync("UID SEARCH $"));
        Assert.Equal([saved], await client.OkAsync("UID SEARCH UID $"));
    }

    [Fact]
    public async Task Save_alone_tells_nothing_and_a_refused_search_leaves_nothing()
    {
        await using var scene = await SearchCommandTests.FillAsync();
        var client = await scene.SelectAsync();

        Assert.Empty(await client.OkAsync("SEARCH RETURN (SAVE) ALL"));
        await client.BadAsync("SEARCH RETURN (SAVE) NONSENSE");
        Assert.Equal(["SEARCH 1 2 3"], await client.OkAsync("SEARCH $"));
        Assert.Equal(["SEARCH 2"], await client.OkAsync("SEARCH $ FLAGGED"));
        await client.NoAsync("SEARCH RETURN (SAVE) CHARSET KOI8-R ALL");
        Assert.Equal(["SEARCH"], await client.OkAsync("SEARCH $"));
    }

    [Fact]
    public async Task Follows_its_messages_and_serves_other_commands()
    {
        await using var scene = await SearchCommandTests.FillAsync();
        var client = await scene.SelectAsync();
        await client.OkAsync("SEARCH RETURN (SAVE) NOT FLAGGED");

        await client.OkAsync("UID STORE 1 +FLAGS (\\Deleted)");
        await client.OkAsync("EXPUNGE");

        Assert.Equal(["SEARCH 2"], await client.OkAsync("SEARCH $"));
        Assert.Contains("2 FETCH (UID 4)", await client.OkAsync("FETCH $ UID"));
    }
}
