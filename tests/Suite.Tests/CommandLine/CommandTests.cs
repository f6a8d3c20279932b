using System.Text.Json;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.CommandLine;

/// <summary>The commands as a person or a script calls them, on a running program.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Send_read_and_trace_follow_one_message()
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        await File.WriteAllTextAsync(_directory.File("notes.txt"), "attached", TestContext.Current.CancellationToken);

        var (code, output, error) = await RunAsync(["send", "--from", "ann@example.org", "--to", "Bob <bob@example.org>", "--bcc", "carol@example.org", "--subject", "Übung", "--attach", _directory.File("notes.txt"), "--json"], "From standard input.\n");
        Assert.True(code == 0, error);
        var id = JsonDocument.Parse(output).RootElement.GetProperty("messageId").GetString()!;

        (code, output, _) = await RunAsync(["read", "list", "--account", "bob@example.org", "--json"]);
        Assert.Equal(0, code);
        var message = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("messages").EnumerateArray());
        Assert.Equal("Übung", message.GetProperty("subject").GetString());
        var uid = message.GetProperty("uid").GetUInt32();

        (_, output, _) = await RunAsync(["read", "show", $"{uid}", "--account", "bob@example.org"]);
        Assert.Contains("Subject:    Übung", output, StringComparison.Ordinal);
        Assert.Contains("From standard input.", output, StringComparison.Ordinal);
        Assert.Contains("notes.txt", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync(["read", "show", $"{uid}", "--account", "bob@example.org", "--raw"]);
        Assert.StartsWith("Return-Path: <ann@example.org>", output, StringComparison.Ordinal);
        Assert.DoesNotContain("carol", output, StringComparison.Ordinal);

        (_, output, _) = await RunAsync(["read", "search", "übung", "--account", "carol@example.org"]);
        Assert.Contains("Übung", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync(["read", "list", "--account", "ann@example.org", "--mailbox", "Sent"]);
        Assert.Contains("Übung", output, StringComparison.Ordinal);

        await Eventually.HoldsAsync(async () => (await RunAsync(["trace", id])).Output is { } told
            && told.Contains("Submitted", StringComparison.Ordinal) && told.Contains("Delivered", StringComparison.Ordinal), "the journey by its Message-ID");
    }

    [Fact]
    public async Task Tell_a_refusal_with_its_reason_and_exit_with_1()
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        var (code, output, error) = await RunAsync(["send", "--from", "ann@example.org", "--to", "not an address", "--body", "x"]);
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.StartsWith("mailsuite: ", error, StringComparison.Ordinal);
        (code, _, error) = await RunAsync(["read", "show", "7", "--account", "ann@example.org", "--mailbox", "Nowhere"]);
        Assert.Equal(1, code);
        Assert.StartsWith("mailsuite: ", error, StringComparison.Ordinal);
        (code, _, error) = await RunAsync(["trace", "no-such-message"]);
        Assert.Equal(1, code);
        Assert.Contains("No message is known by 'no-such-message'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Say_that_nothing_runs_and_how_to_start_it_and_exit_with_69()
    {
        var (code, _, error) = await RunAsync(["read", "list", "--account", "ann@example.org"]);
        Assert.Equal(69, code);
        Assert.Contains($"No MailSuite is running on {_directory.Path}. Start it with: mailsuite dev --data {_directory.Path}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_the_program_by_the_configuration_file_that_it_was_given()
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        var file = _directory.File("mailsuite.json");
        await File.WriteAllTextAsync(file, $$"""{ "DataDirectory": {{JsonSerializer.Serialize(_directory.Path)}} }""", TestContext.Current.CancellationToken);

        var (code, output, error) = await RunWithoutDataAsync(["healthcheck", "--config", file]);
        Assert.True(code == 0, error);
        Assert.StartsWith("ready: ", output, StringComparison.Ordinal);
        (code, _, error) = await RunWithoutDataAsync(["read", "list", "--account", "ann@example.org", "--config", file]);
        Assert.True(code == 0, error);
        Assert.Equal(78, (await RunWithoutDataAsync(["trace", "x", "--config", _directory.File("none.json")])).Code);
    }

    [Fact]
    public async Task Tell_each_option_once_in_their_help()
    {
        foreach (var command in new string[][] { [], ["dev"], ["serve"], ["account"], ["account", "add"], ["config", "check"], ["send"], ["trace"] })
        {
            var (_, output, _) = await RunWithoutDataAsync([.. command, "--help"]);
            foreach (var option in new[] { " --config ", "--data ", "--port-offset " })
                Assert.Single(output.Split('\n'), line => line.TrimStart().StartsWith('-') && line.Contains(option, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task See_that_a_killed_program_does_not_run()
    {
        await using (var program = await ChildProgram.StartAsync(_directory.Path))
            await program.KillAsync();
        Assert.True(File.Exists(_directory.File("run.json")));
        Assert.Equal(69, (await RunAsync(["read", "list", "--account", "ann@example.org"])).Code);
        Assert.Equal(1, (await RunAsync(["healthcheck"])).Code);
    }

    [Fact]
    public async Task Are_not_sent_to_a_program_with_another_port_offset()
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        var (code, _, error) = await RunAsync(["--port-offset", "1000", "read", "list", "--account", "ann@example.org"]);
        Assert.Equal(69, code);
        Assert.Contains("runs with port offset 0, not 1000", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthcheck_says_whether_the_program_is_ready()
    {
        await using var suite = await ProgramUnderTest.OnAsync(_directory.Path);
        var (code, output, _) = await RunAsync(["healthcheck"]);
        Assert.Equal(0, code);
        Assert.StartsWith("ready: http://127.0.0.1:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("snd")]
    [InlineData("send --to a@example.org --body x --body-file y")]
    [InlineData("send --from ann@example.org --body x")]
    [InlineData("read list --account nonsense")]
    [InlineData("read list --account ann@example.org --limit 0")]
    [InlineData("read search --account ann@example.org")]
    [InlineData("read show --account ann@example.org")]
    [InlineData("account add")]
    [InlineData("serve")]
    public async Task Exit_with_2_when_the_line_is_wrong(string line)
    {
        var (code, _, error) = await RunAsync(line.Split(' '));
        Assert.Equal(2, code);
        Assert.NotEqual("", error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("dev --help")]
    [InlineData("serve --help")]
    [InlineData("account add --help")]
    [InlineData("account quota --help")]
    [InlineData("config check --help")]
    [InlineData("send --help")]
    [InlineData("read list --help")]
    [InlineData("trace --help")]
    [InlineData("version")]
    public async Task Help_themselves(string line)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));
        Assert.Equal(0, code);
        Assert.NotEqual("", output);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task Accounts_are_made_changed_and_removed_while_the_program_runs()
    {
        await File.WriteAllTextAsync(_directory.File("mailsuite.json"), """
            {
              "HostName": "mx.example.org", "Domains": ["example.org"],
              "Smtp": { "Port": 0, "Addresses": ["127.0.0.1"] }, "Submission": { "Port": "off" }, "SubmissionTls": { "Port": "off" }, "Imap": { "Port": "off" }, "ImapTls": { "Port": "off" }, "Pop3": { "Port": "off" }, "Pop3Tls": { "Port": "off" },
              "Web": { "Port": 0, "Addresses": ["127.0.0.1"] },
            }
            """, TestContext.Current.CancellationToken);
        string[] where = ["--config", _directory.File("mailsuite.json"), "--data", _directory.File("data")];

        // Without a running program.
        var (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "add", "ann@example.org", "--name", "Ann", "--password-stdin", .. where], "correct horse battery\n");
        Assert.True(code == 0, error);
        (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "add", "ann@example.org", "--password-stdin", .. where], "correct horse battery\n");
        Assert.Equal(1, code);
        Assert.StartsWith("mailsuite: ", error, StringComparison.Ordinal);
        (code, _, _) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "add", "eve@elsewhere.example", "--password-stdin", .. where], "correct horse battery\n");
        Assert.Equal(1, code);

        // Beside a running one, which takes notice.
        await using var suite = await ProgramUnderTest.ServerAsync("example.org", ("MAILSUITE_DATA", _directory.File("data")));
        using var talk = await SmtpTalk.ConnectAsync(suite.EndPoint(Host.Configuration.EndpointKind.Smtp).Port);
        await talk.SayAsync("EHLO client.example.net");
        await talk.SayAsync("MAIL FROM:<>");
        Assert.StartsWith("550", await talk.SayAsync("RCPT TO:<bob@example.org>"), StringComparison.Ordinal);
        (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "add", "bob@example.org", "--password-stdin", .. where], "correct horse battery\n");
        Assert.True(code == 0, error);
        await Eventually.HoldsAsync(async () => (await talk.SayAsync("RCPT TO:<bob@example.org>")).StartsWith("250", StringComparison.Ordinal), "the running program knows the new account");

        (_, var output, _) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "list", .. where]);
        Assert.Equal($"ann@example.org\tAnn\t\t0\t0\t0\t0{Environment.NewLine}bob@example.org\t\t\t0\t0\t0\t0{Environment.NewLine}", output);
        (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "quota", "bob@example.org", "--messages", "1", .. where]);
        Assert.True(code == 0, error);

        // The running program tells a sender: at RCPT, since the one message is there.
        await talk.SayAsync("DATA");
        await talk.SendAsync("Subject: x\r\n\r\nx\r\n.\r\n");
        Assert.StartsWith("250", await talk.ReplyAsync(), StringComparison.Ordinal);
        await talk.SayAsync("MAIL FROM:<>");
        await Eventually.HoldsAsync(async () => (await talk.SayAsync("RCPT TO:<bob@example.org>")).StartsWith("452 4.2.2", StringComparison.Ordinal), "the running program knows the new quota");
        (_, output, _) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "list", .. where]);
        Assert.Matches("bob@example.org\\t\\t\\t1\\t1\\t[0-9]+\\t0\\tfull", output);
        (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "password", "bob@example.org", "--password-stdin", .. where], "");
        Assert.Equal(1, code);
        (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "remove", "bob@example.org", .. where], "no\n");
        Assert.Equal(1, code);
        Assert.Contains("nothing was deleted", error, StringComparison.Ordinal);
        (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "remove", "bob@example.org", "--yes", .. where]);
        Assert.True(code == 0, error);
        (_, output, _) = await RealPrograms.RunAsync(ChildProgram.File, ["account", "list", "--json", .. where]);
        Assert.Equal("ann@example.org", Assert.Single(JsonDocument.Parse(output).RootElement.EnumerateArray()).GetProperty("address").GetString());
    }

    private Task<(int Code, string Output, string Error)> RunAsync(IEnumerable<string> arguments, string input = "") =>
        RealPrograms.RunAsync(ChildProgram.File, arguments, input, new Dictionary<string, string>(StringComparer.Ordinal) { ["MAILSUITE_DATA"] = _directory.Path });

    /// <summary>As somebody whose environment says nothing; the usual directories are those of an empty home.</summary>
    private Task<(int Code, string Output, string Error)> RunWithoutDataAsync(IEnumerable<string> arguments) =>
        RealPrograms.RunAsync(ChildProgram.File, arguments, "", new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_DATA_HOME"] = _directory.File("home") });
}
