using System.Text.Json;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.CommandLine;

/// <summary><c>mailsuite mailbox</c> and <c>mailsuite account quota</c> on a store that no program has open.</summary>
public sealed class MailboxCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Mailboxes_are_made_renamed_shared_shown_and_deleted()
    {
        await DoneAsync(["account", "add", "ann@example.org", "--password-stdin"], "correct horse battery\n");
        await DoneAsync(["account", "add", "ben@example.org", "--password-stdin"], "correct horse battery\n");

        Assert.Equal($"work/plans is there.{Environment.NewLine}", await DoneAsync(["mailbox", "create", "ann@example.org", "work/plans"]));
        Assert.Equal("mailsuite: There is such a mailbox already.", await FailedAsync(["mailbox", "create", "ann@example.org", "work"]));
        Assert.Equal($"It is play now.{Environment.NewLine}", await DoneAsync(["mailbox", "rename", "ann@example.org", "work", "play"]));
        await DoneAsync(["mailbox", "share", "ann@example.org", "play/plans", "ben@example.org", "read"]);
        Assert.Equal("mailsuite: 'lz' has a letter that is no right (RFC 4314).", await FailedAsync(["mailbox", "share", "ann@example.org", "play", "ben@example.org", "lz"]));
        Assert.Equal("mailsuite: There is no account eve@example.org here.", await FailedAsync(["mailbox", "share", "ann@example.org", "play", "eve@example.org", "all"]));
        Assert.Equal("mailsuite: There is no account eve@example.org.", await FailedAsync(["mailbox", "list", "eve@example.org"]));

        var listed = await DoneAsync(["mailbox", "list", "ann@example.org"]);
        Assert.Contains($"INBOX\tInbox\t0\t0\t0{Environment.NewLine}", listed, StringComparison.Ordinal);
        Assert.Contains($"play/plans\t\t0\t0\t0\tben@example.org=lrs{Environment.NewLine}", listed, StringComparison.Ordinal);
        var json = JsonDocument.Parse(await DoneAsync(["mailbox", "list", "ann@example.org", "--json"])).RootElement.EnumerateArray().Single(mailbox => mailbox.GetProperty("name").GetString() == "play/plans");
        Assert.Equal(("lrs", true), (json.GetProperty("sharedWith").GetProperty("ben@example.org").GetString(), json.GetProperty("subscribed").GetBoolean()));

        Assert.EndsWith("mailsuite: nothing was deleted.", await FailedAsync(["mailbox", "delete", "ann@example.org", "play"], "no\n"), StringComparison.Ordinal);
        Assert.Equal($"play is gone.{Environment.NewLine}", await DoneAsync(["mailbox", "delete", "ann@example.org", "play", "--yes"]));
        Assert.DoesNotContain($"{Environment.NewLine}play\t", await DoneAsync(["mailbox", "list", "ann@example.org"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quota_is_shown_and_set_for_one_account()
    {
        await DoneAsync(["account", "add", "ann@example.org", "--password-stdin"], "correct horse battery\n");

        Assert.Equal($"ann@example.org: 0 B of no limit, 0 messages of no limit{Environment.NewLine}", await DoneAsync(["account", "quota", "ann@example.org"]));
        await DoneAsync(["account", "quota", "ann@example.org", "--octets", "500 MiB"]);
        Assert.Equal($"ann@example.org: 0 B of 500 MiB, 0 messages of 1000{Environment.NewLine}", await DoneAsync(["account", "quota", "ann@example.org", "--messages", "1000"]));
        Assert.Equal($"ann@example.org: 0 B of no limit, 0 messages of no limit{Environment.NewLine}", await DoneAsync(["account", "quota", "ann@example.org", "--octets", "none", "--messages", "default"]));
        Assert.Equal("mailsuite: There is no account eve@example.org.", await FailedAsync(["account", "quota", "eve@example.org"]));
        Assert.Equal(2, (await RunAsync(["account", "quota", "ann@example.org", "--octets", "much"])).Code);
        Assert.Equal(2, (await RunAsync(["account", "quota", "ann@example.org", "--messages", "-1"])).Code);
    }

    [Fact]
    public async Task Capabilities_are_hidden_from_one_account_and_shown_again()
    {
        await DoneAsync(["account", "add", "ann@example.org", "--password-stdin"], "correct horse battery\n");

        Assert.Equal($"ann@example.org: nothing is hidden. Sessions that are open keep what they have.{Environment.NewLine}", await DoneAsync(["account", "hide", "ann@example.org"]));
        Assert.Equal($"ann@example.org: hidden are COMPRESS=DEFLATE, IDLE. Sessions that are open keep what they have.{Environment.NewLine}", await DoneAsync(["account", "hide", "ann@example.org", "idle", "COMPRESS=DEFLATE"]));
        Assert.Equal($"ann@example.org: hidden are IDLE. Sessions that are open keep what they have.{Environment.NewLine}", await DoneAsync(["account", "show", "ann@example.org", "compress=deflate"]));
        Assert.StartsWith("mailsuite: There is no capability NOSUCH.", await FailedAsync(["account", "hide", "ann@example.org", "NOSUCH"]), StringComparison.Ordinal);
        Assert.Equal("mailsuite: There is no account eve@example.org.", await FailedAsync(["account", "hide", "eve@example.org", "IDLE"]));
    }

    private async Task<string> DoneAsync(string[] arguments, string input = "")
    {
        var (code, output, error) = await RunAsync(arguments, input);
        Assert.True(code == 0, error);
        return output;
    }

    private async Task<string> FailedAsync(string[] arguments, string input = "")
    {
        var (code, _, error) = await RunAsync(arguments, input);
        Assert.Equal(1, code);
        return error.Trim();
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, string input = "") =>
        RealPrograms.RunAsync(ChildProgram.File, [.. arguments, "--data", _directory.Path], input);
}
