using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mda.Tests.Imap.Searching;

public sealed class SearchProgressTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(10, 1)]
    public async Task Tells_how_far_it_is_when_it_takes_long(int seconds, int told)
    {
        await using var scene = await MailboxScene.CreateAsync();
        await scene.FillAsync(3);
        var client = await scene.SelectAsync();

        // Each look at the clock takes so long: nothing of the three messages is in the index, so each is a step of its own.
        scene.Imap.Clock.AutoAdvanceAmount = TimeSpan.FromSeconds(seconds);
        var responses = await client.OkAsync("SEARCH BODY nothing");

        var progress = responses.Where(response => response.StartsWith("OK [INPROGRESS ", StringComparison.Ordinal)).ToList();
        Assert.Equal(told > 0, progress.Count > 0);
        Assert.All(progress, response => Assert.Matches(@"^OK \[INPROGRESS \(""A3"" [123] 3\)\] ", response));
        Assert.Equal("SEARCH", responses[^1]);
    }
}
