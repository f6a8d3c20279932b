using MailSuite.Bench.Mailboxes;
using MailSuite.Bench.Mailboxes.Sync;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>mbsync keeps a Maildir and our mailboxes the same.</summary>
public sealed class MbsyncTests(SharedServer server) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("IMAPS")]
    [InlineData("STARTTLS")]
    public async Task Pulls_pushes_and_then_changes_nothing(string tls)
    {
        var mbsync = RealPrograms.Find("mbsync");
        using var ann = await Person.WithMailAsync(server, "One for mbsync", "Two for mbsync");
        var rc = ann.Write("mbsyncrc", $"""
            IMAPAccount far
            Host localhost
            Port {(tls == "IMAPS" ? ann.ImapsPort : ann.ImapPort)}
            User {ann.Address}
            Pass "{ann.Password}"
            SSLType {tls}
            CertificateFile {ann.CertificateFile}

            IMAPStore far
            Account far

            MaildirStore near
            Path {ann.Home}/near/
            Inbox {ann.Home}/near/INBOX
            SubFolders Verbatim

            Channel all
            Far :far:
            Near :near:
            Patterns *
            Create Both
            Remove Both
            Expunge Both
            Sync All
            SyncState *

            """);
        Directory.CreateDirectory(Path.Combine(ann.Home, "near"));
        await ann.RunAsync(mbsync, "-c", rc, "all");
        var inbox = Directory.GetFiles(Path.Combine(ann.Home, "near", "INBOX"), "17*", SearchOption.AllDirectories);
        Assert.Equal(2, inbox.Length);

        File.Delete(inbox.Single(file => File.ReadAllText(file).Contains("Subject: One", StringComparison.Ordinal)));
        foreach (var folder in new[] { "cur", "new", "tmp" })
            Directory.CreateDirectory(Path.Combine(ann.Home, "near", "Pushed", folder));
        ann.Write("near/Pushed/new/1700000000.1.near", "Subject: Pushed\n\nHello.\n");
        await ann.RunAsync(mbsync, "-c", rc, "all");
        Assert.Contains("Subject: Two for mbsync", Assert.Single(await ann.TextsAsync()), StringComparison.Ordinal);
        var before = Snapshot(ann);
        await ann.RunAsync(mbsync, "-c", rc, "all");
        Assert.Equal(before, Snapshot(ann));
        Assert.Single(before, file => file.Contains("/Pushed/", StringComparison.Ordinal));
    }

    /// <summary>The long form is a command: see bench/README.md.</summary>
    [Fact]
    public async Task Some_hundred_messages_are_the_same_on_both_sides_after_mbsync_and_the_server_were_killed()
    {
        var mbsync = RealPrograms.Find("mbsync");
        using var directory = new TempDirectory();
        using var near = new TempDirectory();
        await using var child = new Child(ChildProgram.File, directory.Path);
        await child.StartAsync(TestContext.Current.CancellationToken);
        var run = new SyncRun(new SyncPlan(mbsync, "ann@example.org", "any", 400, 3, 1, 1, near.Path), child.ImapAsync, child.KillAndStartAsync);
        TestContext.Current.TestOutputHelper?.WriteLine(await run.RunAsync(static _ => { }, TestContext.Current.CancellationToken));
        Assert.True(run.Interruptions >= 3, $"It was cut off only {run.Interruptions} times.");
    }

    private static List<string> Snapshot(Person person) =>
        [.. Directory.EnumerateFiles(Path.Combine(person.Home, "near"), "17*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
