using MailSuite.Host.Running;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Running;

public sealed class RunFileTests
{
    [Fact]
    public void Is_readable_for_its_owner_only_and_gone_after_the_stop()
    {
        using var directory = new TempDirectory();
        var run = RunOf(directory.Path, Environment.ProcessId);
        run.Write();
        var file = directory.File("run.json");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(run.Token, RunFile.Read(directory.Path)!.Token);
        run.Remove();
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void Of_another_process_is_left_alone()
    {
        using var directory = new TempDirectory();
        RunOf(directory.Path, Environment.ProcessId).Write();
        RunOf(directory.Path, int.MaxValue).Remove();
        Assert.NotNull(RunFile.Read(directory.Path));
    }

    [Fact]
    public void Of_a_dead_process_is_seen_as_stale()
    {
        Assert.False(RunOf("/", int.MaxValue).IsAlive());
        Assert.True(RunOf("/", Environment.ProcessId).IsAlive());
    }

    [Fact]
    public void Does_not_show_its_token_when_printed() => Assert.DoesNotContain("secret", RunOf("/", 1).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    public void That_is_broken_is_as_good_as_none(string text)
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("run.json"), text);
        Assert.Null(RunFile.Read(directory.Path));
    }

    [Fact]
    public void Has_another_token_at_each_start() => Assert.NotEqual(RunFile.NewToken(), RunFile.NewToken());

    private static RunFile RunOf(string directory, int process) => new(
        process, "0.1.0", "development", 0, directory, null, DateTimeOffset.UnixEpoch, new Uri("http://127.0.0.1:8025"), new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), "secret");
}
