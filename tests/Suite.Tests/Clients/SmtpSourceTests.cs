using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>Postfix's generator of load, in all the ways it knows: nothing is lost, nothing is there twice.</summary>
public sealed class SmtpSourceTests(SharedDevelopment shared) : IClassFixture<SharedDevelopment>
{
    private static readonly char[] Digits = [.. "0123456789"];

    private readonly ProgramUnderTest _suite = shared.Program;

    [Fact]
    public async Task Twenty_sessions_send_large_messages()
    {
        Assert.Equal(0, await RunAsync(EndpointKind.Smtp, "large@example.org", "-s", "20", "-m", "300", "-l", "20000"));
        Assert.Equal([300], await CountsAsync("large@example.org"));
    }

    [Theory]
    [InlineData(nameof(EndpointKind.Smtp), "several", "-r", "5")]
    [InlineData(nameof(EndpointKind.Lmtp), "several.lmtp", "-L", "-d", "-r", "5")]
    public async Task Each_of_several_recipients_has_each_message(string listener, string name, params string[] options)
    {
        Assert.Equal(0, await RunAsync(Enum.Parse<EndpointKind>(listener), $"{name}@example.org", ["-s", "5", "-m", "50", .. options]));
        var counts = await CountsAsync($"{name}@example.org");
        Assert.Equal(5, counts.Count);
        Assert.All(counts, count => Assert.Equal(50, count));
    }

    [Fact]
    public async Task A_hundred_recipients_with_numbers_have_one_message_each()
    {
        Assert.Equal(0, await RunAsync(EndpointKind.Smtp, "numbered@example.org", "-N", "-s", "5", "-m", "100"));
        var counts = await CountsAsync("numbered@example.org");
        Assert.Equal(100, counts.Count);
        Assert.All(counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Sessions_that_stay_open_send_message_after_message()
    {
        Assert.Equal(0, await RunAsync(EndpointKind.Smtp, "open@example.org", "-d", "-4", "-s", "5", "-m", "200"));
        Assert.Equal([200], await CountsAsync("open@example.org"));
    }

    [Fact]
    public async Task Mail_without_a_greeting_is_refused()
    {
        Assert.NotEqual(0, await RunAsync(EndpointKind.Smtp, "old@example.org", "-o", "-4", "-m", "5"));
        Assert.Empty(await CountsAsync("old@example.org"));
    }

    private async Task<int> RunAsync(EndpointKind kind, string to, params string[] options) =>
        (await RealPrograms.RunAsync(RealPrograms.Find("smtp-source"), [.. options, "-f", "ann@example.org", "-t", to, _suite.EndPoint(kind).ToString()])).Code;

    /// <summary>How many messages each account has whose name is this one, or this one behind a number.</summary>
    private async Task<IReadOnlyList<int>> CountsAsync(string to)
    {
        var counts = new List<int>();
        foreach (var account in await _suite.Accounts.ListAsync(TestContext.Current.CancellationToken))
        {
            var address = account.Address.ToString();
            if (address.TrimStart(Digits) == to)
                counts.Add((await _suite.Mailboxes.ListAsync(account.Id, TestContext.Current.CancellationToken))[0].Messages);
        }

        return counts;
    }
}
