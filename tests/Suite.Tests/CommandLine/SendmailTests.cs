using System.Globalization;
using MailSuite.Host.Listening;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.CommandLine;

/// <summary>The program in the place of /usr/sbin/sendmail, called as cron, PHP and mailers call it.</summary>
public sealed class SendmailTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Hands_a_message_to_the_running_program()
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        var (code, output, error) = await RunAsync(["sendmail", "-t", "-i"], "To: bob@example.org\nBcc: carol@example.org\nSubject: From PHP\n\nHello.\n.\nBye.\n");
        Assert.True((code, output, error) == (0, "", ""), output + error);

        var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("bob@example.org", "From PHP"));
        Assert.EndsWith("\r\n\r\nHello.\r\n.\r\nBye.\r\n", text, StringComparison.Ordinal);
        Assert.Contains("with local (sendmail, uid ", text, StringComparison.Ordinal);
        Assert.Contains($"\r\nFrom: ", text, StringComparison.Ordinal);
        Assert.Contains($"{Environment.UserName}@localhost", text, StringComparison.Ordinal);
        Assert.Contains("\r\nDate: ", text, StringComparison.Ordinal);
        Assert.Contains("\r\nMessage-ID: <", text, StringComparison.Ordinal);
        Assert.DoesNotContain("carol", text, StringComparison.Ordinal);
        await suite.MessageAsync("carol@example.org", "From PHP");
        Assert.Empty(Drops());
    }

    [Fact]
    public async Task Keeps_a_message_until_the_program_starts()
    {
        var (code, output, error) = await RunAsync(["sendmail", "-f", "ann@example.org", "bob@example.org"], "Subject: While down\n\nHello.\n");
        Assert.True((code, output, error) == (0, "", ""), output + error);
        Assert.Single(Drops());
        Assert.Contains("bob@example.org", (await RunAsync(["sendmail", "-bp"])).Output, StringComparison.Ordinal);

        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        Assert.StartsWith("Return-Path: <ann@example.org>", await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("bob@example.org", "While down")), StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => Task.FromResult(!Drops().Any()), "the drop is gone");
        Assert.Equal("Mail queue is empty\n", (await RunAsync(["sendmail", "-bp"])).Output);
    }

    /// <summary>Kills at many instants, some between the submission and the removal of the drop.</summary>
    [Fact]
    public async Task Every_message_kept_is_delivered_once_though_the_program_is_killed_again_and_again()
    {
        const int Messages = 60;
        await Parallel.ForEachAsync(Enumerable.Range(0, Messages), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (number, _) =>
            Assert.Equal(0, (await RunAsync(["sendmail", "bob@example.org"], $"Subject: kept {number}\n\nHello.\n")).Code));
        Assert.Equal(Messages, Drops().Count());

        var random = new Random(20261124);
        for (var kill = 0; kill < 6 && Drops().Any(); kill++)
        {
            await using var program = await ChildProgram.StartAsync(_directory.Path);
            var enough = Math.Max(0, Drops().Count() - random.Next(1, 15));
            await Eventually.HoldsAsync(() => Task.FromResult(Drops().Count() <= enough), "some drops are taken");
            await program.KillAsync();
        }

        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        await Eventually.HoldsAsync(() => Task.FromResult(!Drops().Any()), "all drops are taken");
        var bob = await suite.Accounts.FindAsync(Shared.Addressing.EnvelopeAddress.Parse("bob@example.org"), TestContext.Current.CancellationToken);
        var inbox = (await suite.Mailboxes.ListAsync(bob!.Id, TestContext.Current.CancellationToken)).Single(mailbox => mailbox.Use == SpecialUse.Inbox);
        var page = await suite.Mailboxes.PageAsync(bob.Id, inbox.Id, new MessagePageRequest(null, 0, 500), TestContext.Current.CancellationToken);
        Assert.Equal(
            Enumerable.Range(0, Messages).Select(number => string.Create(CultureInfo.InvariantCulture, $"kept {number}")).Order(StringComparer.Ordinal),
            page.Messages.Select(message => message.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tells_its_caller_by_the_exit_codes_of_sysexits()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("a.test", ("MAILSUITE_DATA", _directory.Path));
        await suite.AddAccountAsync("ann@a.test", "correct horse battery");
        const string Message = "Subject: x\n\nHello.\n";
        Assert.Equal(0, (await RunAsync(["sendmail", "ann@a.test"], Message)).Code);
        Assert.Equal(0, (await RunAsync(["sendmail", "ann"], Message)).Code);
        Assert.Equal(64, (await RunAsync(["sendmail"], Message)).Code);
        Assert.Equal(64, (await RunAsync(["sendmail", "-z"], Message)).Code);
        Assert.Equal(65, (await RunAsync(["sendmail", "-t"], Message)).Code);
        var (code, _, error) = await RunAsync(["sendmail", "nobody@a.test"], Message);
        Assert.Equal((67, $"sendmail: nobody@a.test: 5.1.1 No such mailbox here{Environment.NewLine}"), (code, error));
        Assert.Empty(Drops());
        // One of them is there, so it goes out, and the sender hears of the other by a report.
        Assert.Equal(0, (await RunAsync(["sendmail", "-f", "ann@a.test", "ann@a.test", "nobody@a.test"], Message)).Code);
        Assert.Contains("nobody@a.test", await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("ann@a.test", "Not delivered to")), StringComparison.Ordinal);

        await File.WriteAllTextAsync(_directory.File("bad.json"), "{ \"Nonsense\": 1 }", TestContext.Current.CancellationToken);
        Assert.Equal(78, (await RunAsync(["sendmail", "--data", _directory.File("never"), "--config", _directory.File("bad.json"), "ann@a.test"], Message)).Code);
        Assert.Equal(78, (await RunAsync(["sendmail", "-bd"])).Code);
    }

    [Fact]
    public async Task Is_sendmail_mailq_and_newaliases_by_the_name_of_a_link()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only on Linux a process is told by what name it was called.");

        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        foreach (var name in new[] { "sendmail", "mailq", "newaliases" })
            File.CreateSymbolicLink(_directory.File(name), ChildProgram.File);
        Assert.Equal(0, (await RunAsync(_directory.File("sendmail"), ["bob@example.org"], "Subject: By link\n\nHello.\n")).Code);
        await suite.MessageAsync("bob@example.org", "By link");
        Assert.Equal("Mail queue is empty\n", (await RunAsync(_directory.File("mailq"), [], "")).Output);
        Assert.Equal((0, "", ""), await RunAsync(_directory.File("newaliases"), [], ""));
    }

    [Fact]
    public async Task Shows_and_tries_what_waits_for_another_host()
    {
        await using (var suite = await ProgramUnderTest.ServerAsync("a.test", ("MAILSUITE_DATA", _directory.Path), ("MAILSUITE_Relay__DnsServers", "127.0.0.1:9"), ("MAILSUITE_Relay__DnsTimeout", "100 ms")))
        {
            Assert.Equal(0, (await RunAsync(["sendmail", "-f", "ann@a.test", "eve@elsewhere.example"], "Subject: x\n\nHello.\n")).Code);
            await Eventually.HoldsAsync(async () => (await RunAsync(["sendmail", "-bp"])).Output.Contains("    (", StringComparison.Ordinal), "the first attempt's reason");
            var (code, output, _) = await RunAsync(["sendmail", "-bp"]);
            Assert.Equal(0, code);
            Assert.Contains("<ann@a.test>", output, StringComparison.Ordinal);
            Assert.Contains(" eve@elsewhere.example\n", output, StringComparison.Ordinal);
            Assert.EndsWith("in 1 Request.\n", output, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync(["sendmail", "-q"])).Code);
        }

        // And with the program down, from its files.
        Assert.Contains(" eve@elsewhere.example\n", (await RunAsync(["sendmail", "-bp"])).Output, StringComparison.Ordinal);
        Assert.Equal(69, (await RunAsync(["sendmail", "-q"])).Code);
    }

    [Fact]
    public async Task Speaks_SMTP_for_a_mailer_of_this_machine_that_needs_no_password()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("a.test", ("MAILSUITE_DATA", _directory.Path));
        await suite.AddAccountAsync("ann@a.test", "correct horse battery");
        var (code, output, error) = await RunAsync(["sendmail", "-bs"],
            "EHLO here\r\nMAIL FROM:<ann@a.test>\r\nRCPT TO:<ann@a.test>\r\nRCPT TO:<eve@elsewhere.example>\r\nDATA\r\nSubject: Over stdio\r\n\r\nHello.\r\n.\r\nQUIT\r\n");
        Assert.True(code == 0, error);
        Assert.DoesNotContain("AUTH", output, StringComparison.Ordinal);
        Assert.Contains("\r\n250 2.1.5 Recipient ok\r\n250 2.1.5 Recipient ok\r\n354 ", output, StringComparison.Ordinal);
        Assert.EndsWith("221 2.0.0 Goodbye\r\n", output, StringComparison.Ordinal);
        Assert.Contains("\r\nMessage-ID: ", await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("ann@a.test", "Over stdio")), StringComparison.Ordinal);
    }

    /// <summary>A user who may not look into the data directory leaves mail in a maildrop that its administrator has opened.</summary>
    [Fact]
    public async Task Serves_every_user_of_the_machine_through_an_open_maildrop()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Assert.Skip("Only root can act as others.");
        var setpriv = RealPrograms.Find("setpriv");
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        SocketFile.SetMode(_directory.Path, (UnixFileMode)0b111_001_001);
        SocketFile.SetMode(_directory.File("maildrop"), UnixFileMode.StickyBit | (UnixFileMode)0b111_011_011);

        // nobody (65534) may be nobody@localhost and no other; the private socket is not for it.
        string[] asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", ChildProgram.File, "sendmail"];
        var (code, _, error) = await RunAsync(setpriv, [.. asNobody, "bob@example.org"], "Subject: From nobody\n\nHello.\n");
        if (error.Contains("ermission denied", StringComparison.Ordinal) && code is not (0 or 73 or 77))
            Assert.Skip("Other users cannot run the program where it was built.");
        Assert.True(code == 0, error);
        Assert.StartsWith("Return-Path: <nobody@localhost>", await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("bob@example.org", "From nobody")), StringComparison.Ordinal);

        (code, _, error) = await RunAsync(setpriv, [.. asNobody, "-f", "ann@example.org", "bob@example.org"], "Subject: Not ann\n\nHello.\n");
        Assert.True(code == 77, error);
        Assert.Equal(77, (await RunAsync(setpriv, [.. asNobody, "-bp"], "")).Code);
    }

    private IEnumerable<string> Drops() => new[] { "maildrop", "pickup" }
        .Select(_directory.File).Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.drop"));

    private Task<(int Code, string Output, string Error)> RunAsync(IEnumerable<string> arguments, string input = "") => RunAsync(ChildProgram.File, arguments, input);

    private Task<(int Code, string Output, string Error)> RunAsync(string file, IEnumerable<string> arguments, string input) =>
        RealPrograms.RunAsync(file, arguments, input, new Dictionary<string, string>(StringComparer.Ordinal) { ["MAILSUITE_DATA"] = _directory.Path });
}
