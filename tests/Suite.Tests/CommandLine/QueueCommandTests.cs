using System.Net;
using System.Text.Json;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Suite.Tests.CommandLine;

/// <summary><c>mailsuite queue</c> as a process of its own beside a program whose next hosts are busy.</summary>
public sealed class QueueCommandTests : IAsyncDisposable
{
    private readonly FakeDnsServer _dns = new FakeDnsServer()
        .Mx("one.test", 10, "mx.one.test").Address("mx.one.test", IPAddress.Loopback).Mx("two.test", 10, "mx.two.test").Address("mx.two.test", IPAddress.Loopback);

    private readonly SmtpPeer _peer = new();
    private volatile bool _isBusy = true;

    public QueueCommandTests() => _peer.OnCommand = line => _isBusy && line.StartsWith("RCPT", StringComparison.Ordinal) ? "450 4.2.1 greylisted" : null;

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Fact]
    public async Task Shows_the_queue_and_rules_it()
    {
        await using var program = await StartAsync();
        await SendAsync(program, "bob@a.test");
        await SendAsync(program, "carol@a.test");
        await Eventually.HoldsAsync(async () => (await QueueAsync(program)).Count(recipient => recipient.Attempts == 1) == 4, "four recipients deferred");

        var lines = await LinesAsync(program, "list");
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Contains("450 4.2.1 greylisted", line[8], StringComparison.Ordinal));
        Assert.Equal(["<bob@a.test>", "<bob@a.test>", "<carol@a.test>", "<carol@a.test>"], lines.Select(line => line[6]));
        var id = lines[0][0];
        Assert.Equal([id], (await LinesAsync(program, "list", "--domain", "one.test", "--sender", "bob@a.test", "--state", "waiting", "--newer", "1h", "--error", "GREYLISTED", "-n", "1")).Select(line => line[0]));
        Assert.Empty(await LinesAsync(program, "list", "--older", "1h"));
        using (var list = JsonDocument.Parse(await OutputAsync(program, "list", "--json", "--recipient", "x@one.test", "--sort", "newest")))
            Assert.Equal(["<carol@a.test>", "<bob@a.test>"], list.RootElement.EnumerateArray().Select(mail => mail.GetProperty("reversePath").GetString()));

        var shown = await StoryAsync(program, id, "Deferred");
        Assert.Contains("y@two.test  waiting, tried in", shown, StringComparison.Ordinal);
        Assert.Contains("Subject: Hello", shown, StringComparison.Ordinal);
        Assert.EndsWith("Hello.\r\n", await OutputAsync(program, "show", id, "--raw"), StringComparison.Ordinal);
        var stats = await LinesAsync(program, "stats");
        Assert.Equal(["*", "4", "4"], stats[1][..3]);
        Assert.Equal(["one.test", "2", "2"], stats[2][..3]);
        using (var summary = JsonDocument.Parse(await OutputAsync(program, "stats", "--json")))
            Assert.Equal(2, summary.RootElement.GetProperty("messages").GetInt32());

        Assert.Equal("Held: 2 messages, 2 recipients.", await OutputAsync(program, "hold", "--domain", "one.test"));
        Assert.Equal("Dropped: 1 message, 1 recipient.", await OutputAsync(program, "drop", id, "--recipient", "y@two.test"));
        Assert.Contains($"Dropped: 0 messages, 0 recipients.", (await RunAsync(program, 1, "drop", id, "--recipient", "y@two.test")).Output, StringComparison.Ordinal);
        Assert.Contains("nothing was given up", (await RunAsync(program, 1, "drop", "--all")).Error, StringComparison.Ordinal);

        _isBusy = false;
        Assert.Equal("Tried now: 1 message, 1 recipient.", await OutputAsync(program, "flush"));
        await Eventually.HoldsAsync(async () => await Task.FromResult(_peer.Messages.Count == 1), "carol's message at two.test");
        await using var relay = new SmtpPeer();
        Assert.Equal("Rerouted: 2 messages, 2 recipients.", await OutputAsync(program, "reroute", "--state", "held", "--to", $"[127.0.0.1]:{relay.EndPoint.Port}"));
        using (var released = JsonDocument.Parse(await OutputAsync(program, "release", "--all", "--json")))
            Assert.Equal(("Done", 2), (released.RootElement.GetProperty("state").GetString(), released.RootElement.GetProperty("recipients").GetInt32()));
        await Eventually.HoldsAsync(async () => (await QueueAsync(program)).Count == 0, "an empty queue");
        Assert.Equal((1, 2), (_peer.Messages.Count, relay.Messages.Count));

        var done = await LinesAsync(program, "list", "--done", "--sender", "bob@a.test");
        Assert.Equal([("delivered", "x@one.test"), ("dropped", "y@two.test")], done.Select(line => (line[1], line[6])).Order());
        Assert.Equal(4, (await LinesAsync(program, "list", "--done", "--domain", "one.test")).Length);
        var story = await StoryAsync(program, id, $"It is held by {Environment.UserName} on the command line");
        Assert.Contains("It is given up by", story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_mail_back_with_a_report()
    {
        await using var program = await StartAsync();
        await program.AddAccountAsync("ann@a.test", "correct horse battery");
        await SendAsync(program, "ann@a.test");
        await SendAsync(program, "ann@a.test");
        await Eventually.HoldsAsync(async () => (await QueueAsync(program)).Count(recipient => recipient.Attempts == 1) == 4, "four recipients deferred");
        Assert.Equal("Given up, their senders get a report: 2 messages, 4 recipients.", await OutputAsync(program, "drop", "--all", "--report", "--yes"));
        var report = await ProgramUnderTest.TextOfAsync(await program.MessageAsync("ann@a.test", "Not delivered"));
        Assert.Contains("The administrator of this host has given it up.", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_refused_to_who_submits_until_it_is_taken_off_the_list()
    {
        _peer.OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no such user" : null;
        await using var program = await StartAsync();
        await program.AddAccountAsync("ann@a.test", "correct horse battery");
        await SendAsync(program, "ann@a.test");
        Assert.Equal(["x@one.test", "y@two.test"], await Eventually.GetAsync(async () => await LinesAsync(program, "suppressions", "list") is { Length: 2 } lines ? lines.Select(line => line[0]) : null, "two addresses"));
        Assert.Equal("550 5.1.1 no such user", Assert.Single(await LinesAsync(program, "suppressions", "list", "x@"))[4]);

        var refused = await Assert.ThrowsAsync<MailKit.Net.Smtp.SmtpCommandException>(() => SubmitAsync(program, "x@one.test"));
        Assert.Contains("5.1.1 Nothing is sent to this address", refused.Message, StringComparison.Ordinal);

        await OutputAsync(program, "suppressions", "remove", "x@one.test");
        Assert.Contains("not on the list", (await RunAsync(program, 1, "suppressions", "remove", "x@one.test")).Error, StringComparison.Ordinal);
        await SubmitAsync(program, "x@one.test");
        await OutputAsync(program, "suppressions", "add", "z@one.test", "--reason", "Asked us not to");
        Assert.Contains("5.7.1", (await Assert.ThrowsAsync<MailKit.Net.Smtp.SmtpCommandException>(() => SubmitAsync(program, "z@one.test"))).Message, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await LinesAsync(program, "suppressions", "list")).Length == 3, "x again");
        Assert.Contains("as it was", (await RunAsync(program, 1, "suppressions", "clear")).Error, StringComparison.Ordinal);
        Assert.Equal("3 addresses were taken off the list.", await OutputAsync(program, "suppressions", "clear", "--yes"));
        Assert.Empty(await LinesAsync(program, "suppressions", "list"));
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("hold", "--all", "--domain", "one.test")]
    [InlineData("reroute", "--all")]
    [InlineData("reroute", "--all", "--to", "x.test", "--normal")]
    [InlineData("list", "--older", "soon")]
    [InlineData("list", "--state", "gone")]
    [InlineData("list", "--larger", "big")]
    [InlineData("list", "--watch", "0")]
    [InlineData("list", "--sort", "size")]
    public async Task Says_what_is_wrong_with_a_command_line(params string[] arguments)
    {
        var (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["queue", .. arguments]);
        Assert.Equal(2, code);
        Assert.StartsWith("mailsuite: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_how_to_start_a_program_that_does_not_run_and_gives_examples()
    {
        using var directory = new TempDirectory();
        var (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["queue", "list", "--data", directory.Path]);
        Assert.Equal(69, code);
        Assert.Contains("Start it with: mailsuite", error, StringComparison.Ordinal);
        Assert.Contains("mailsuite queue drop --older 3d", (await RealPrograms.RunAsync(ChildProgram.File, ["queue", "--help"])).Output, StringComparison.Ordinal);
    }

    private async Task<ProgramUnderTest> StartAsync() => await ProgramUnderTest.ServerAsync("a.test",
        ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()), ("MAILSUITE_Relay__Port", $"{_peer.EndPoint.Port}"), ("MAILSUITE_Aliases", """{ "all@a.test": ["x@one.test", "y@two.test"] }"""));

    private static async Task SendAsync(ProgramUnderTest program, string from)
    {
        using var talk = await SmtpTalk.ConnectAsync(program.EndPoint(EndpointKind.Smtp).Port);
        await talk.SayAsync("EHLO client.c.test");
        await talk.SayAsync($"MAIL FROM:<{from}>");
        Assert.StartsWith("250", await talk.SayAsync("RCPT TO:<all@a.test>"), StringComparison.Ordinal);
        await talk.SayAsync("DATA");
        Assert.StartsWith("250", await talk.SayAsync("Subject: Hello\r\n\r\nHello.\r\n."), StringComparison.Ordinal);
    }

    private static async Task SubmitAsync(ProgramUnderTest program, string to)
    {
        using var client = new MailKit.Net.Smtp.SmtpClient { ServerCertificateValidationCallback = static (_, _, _, _) => true };
        await client.ConnectAsync("127.0.0.1", program.EndPoint(EndpointKind.Submission).Port, MailKit.Security.SecureSocketOptions.StartTls, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync("ann@a.test", "correct horse battery", TestContext.Current.CancellationToken);
        var message = new MimeKit.MimeMessage { Subject = "Hello", Body = new MimeKit.TextPart("plain") { Text = "Hello." } };
        message.From.Add(MimeKit.MailboxAddress.Parse("ann@a.test"));
        message.To.Add(MimeKit.MailboxAddress.Parse(to));
        await client.SendAsync(message, TestContext.Current.CancellationToken);
    }

    private static async Task<IReadOnlyList<QueuedMailRecipient>> QueueAsync(ProgramUnderTest program) =>
        [.. (await program.Program.Services.GetRequiredService<IMailQueue>().ListAsync(QueueFilter.Everything, new QueuePageRequest(), TestContext.Current.CancellationToken)).Messages.SelectMany(mail => mail.Recipients)];

    /// <summary>What is shown of a message as soon as its journey, which is written a little later, has something in it.</summary>
    private static Task<string> StoryAsync(ProgramUnderTest program, string id, string text) => Eventually.GetAsync(
        async () => await OutputAsync(program, "show", id) is var story && story.Contains(text, StringComparison.Ordinal) ? story : null, $"'{text}' in the story of {id}");

    private static async Task<string[][]> LinesAsync(ProgramUnderTest program, params string[] arguments) =>
        [.. (await RunAsync(program, 0, arguments)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split('\t'))];

    private static async Task<string> OutputAsync(ProgramUnderTest program, params string[] arguments) => (await RunAsync(program, 0, arguments)).Output is var output && arguments.Contains("--raw") ? output : output.TrimEnd();

    private static async Task<(string Output, string Error)> RunAsync(ProgramUnderTest program, int expected, params string[] arguments)
    {
        var (code, output, error) = await RealPrograms.RunAsync(ChildProgram.File, ["queue", .. arguments, "--data", program.DataDirectory]);
        Assert.True(code == expected, $"{string.Join(' ', arguments)}: {code} {output} {error}");
        return (output, error);
    }
}
