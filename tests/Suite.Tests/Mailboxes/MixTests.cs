using MailSuite.Bench.Mailboxes;
using MailSuite.Bench.Mailboxes.Mix;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Mailboxes;

/// <summary>Many sessions on shared mailboxes, each of which checks every answer; the long forms are commands, see bench/README.md.</summary>
public sealed class MixTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    [Fact]
    public Task No_session_hears_a_wrong_answer() => RunAsync(kills: 0);

    [Fact]
    public Task No_session_hears_a_wrong_answer_after_kills() => RunAsync(kills: 5);

    private static async Task RunAsync(int kills)
    {
        using var directory = new TempDirectory();
        await using var child = new Child(ChildProgram.File, directory.Path);
        await child.StartAsync(TestContext.Current.CancellationToken);
        var plan = new MixPlan(
            "ann@example.org", "any", Tls: false, Sessions: 8, Mailboxes: 3, Messages: 150, kills > 0 ? TimeSpan.FromMinutes(2) : Duration, TimeSpan.Zero, Seed: 1, SparesDovecot: false, IsKilled: kills > 0);
        var verdict = await MixCommand.RunOwnAsync(new MixRun(plan, child.ImapAsync), plan, child, kills, TestContext.Current.CancellationToken);
        Assert.True(verdict.First is null, verdict.ToString());
        Assert.True(verdict.Counts["responses"] > 100, verdict.ToString());
    }
}
