using System.Text;
using MailSuite.Mua.Cli.Sendmail;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Maildrop;
using MailSuite.Shared.Status;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mua.Tests.Cli;

/// <summary>What sendmail does with a message, and what it tells its caller by the exit code.</summary>
public sealed class SendmailCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeProgram _program;

    public SendmailCommandTests() => _program = new FakeProgram(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Hands_the_message_to_the_program_and_keeps_nothing()
    {
        _program.Outcome = new SubmissionOutcome.Accepted("1M864WF3GCGN4TCB");
        Assert.Equal((0, "The message is accepted as 1M864WF3GCGN4TCB." + Environment.NewLine, ""), await RunAsync("To: bob@example.net\nSubject: hello\n\nHello.\n.\nnot this\n", "-t", "-v"));
        var (envelope, message) = Assert.Single(_program.Taken);
        Assert.Equal(["bob@example.net"], envelope.Recipients.Select(recipient => recipient.ToString()));
        Assert.Equal(Encoding.UTF8.GetByteCount(message), envelope.Octets);
        Assert.StartsWith("To: bob@example.net\r\nSubject: hello\r\nFrom: ", message, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nHello.\r\n", message, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keeps_the_message_when_nobody_takes_it_now(bool runs)
    {
        _program.Outcome = runs ? new SubmissionOutcome.Deferred(new EnhancedStatusCode(4, 3, 1), "No room") : null;
        Assert.Equal((0, "", ""), await RunAsync("Subject: hello\n\nHello.\n", "bob@example.net", "carol"));
        var drop = Assert.Single(Left());
        Assert.EndsWith(".drop", drop, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(drop, TestContext.Current.CancellationToken);
        Assert.Contains($"id {Path.GetFileNameWithoutExtension(drop)}\n", text, StringComparison.Ordinal);
        Assert.Contains("\nto <bob@example.net>\nto <carol@example.org>\n\nSubject: hello\r\n", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(drop));
    }

    [Fact]
    public async Task Recipients_of_the_line_and_of_the_header_all_get_it_once()
    {
        _program.Outcome = new SubmissionOutcome.Accepted("1M864WF3GCGN4TCB");
        Assert.Equal(0, (await RunAsync("To: bob@example.net\nBcc: eve@example.net\n\nHello.\n", "-t", "carol@example.net, dave", "bob@example.net")).Code);
        var (envelope, message) = Assert.Single(_program.Taken);
        Assert.Equal(["carol@example.net", "dave@example.org", "bob@example.net", "eve@example.net"], envelope.Recipients.Select(recipient => recipient.ToString()));
        Assert.DoesNotContain("eve", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "<>")]
    [InlineData("<>", "<>")]
    [InlineData("ann@example.net", "<ann@example.net>")]
    [InlineData("<ann@example.net>", "<ann@example.net>")]
    [InlineData("ann", "<ann@example.org>")]
    public async Task Takes_the_sender_that_it_is_told(string sender, string reversePath)
    {
        _program.Outcome = new SubmissionOutcome.Accepted("1M864WF3GCGN4TCB");
        Assert.Equal(0, (await RunAsync("\nHello.\n", "-f", sender, "bob")).Code);
        Assert.Equal(reversePath, Assert.Single(_program.Taken).Envelope.ReversePath.ToString());
    }

    [Theory]
    [InlineData("5.1.1", 67)]
    [InlineData("5.1.2", 68)]
    [InlineData("5.1.10", 68)]
    [InlineData("5.1.3", 65)]
    [InlineData("5.6.7", 65)]
    [InlineData("5.3.4", 69)]
    [InlineData("5.2.2", 69)]
    [InlineData("5.7.1", 77)]
    public async Task A_refusal_is_told_by_its_exit_code_and_keeps_nothing(string status, int code)
    {
        Assert.True(EnhancedStatusCode.TryReadPrefix(status, out var parsed));
        _program.Outcome = new SubmissionOutcome.Refused(parsed, "No", [EnvelopeAddress.Parse("bob@example.net")]);
        Assert.Equal((code, "", $"sendmail: bob@example.net: {status} No{Environment.NewLine}"), await RunAsync("\nHello.\n", "bob@example.net"));
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData("\nHello.\n", 64)]
    [InlineData("\nHello.\n", 64, "-z")]
    [InlineData("Subject: nobody\n\nHello.\n", 65, "-t")]
    [InlineData("To: bob@@example\n\nHello.\n", 65, "-t")]
    [InlineData("\nHello.\n", 65, "bob@@example")]
    [InlineData("A: \0\n\nHello.\n", 65, "bob")]
    [InlineData("\nHello.\n", 64, "-f", "ann, eve", "bob")]
    public async Task What_is_wrong_with_the_call_or_the_message_is_told_too(string message, int code, params string[] arguments)
    {
        var (exit, output, error) = await RunAsync(message, arguments);
        Assert.Equal((code, ""), (exit, output));
        Assert.StartsWith("sendmail: ", error, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 69)]
    public async Task A_message_may_have_as_many_octets_as_the_server_says_and_no_more(int more, int code)
    {
        _program.Outcome = new SubmissionOutcome.Accepted("1M864WF3GCGN4TCB");
        var maildrop = new MaildropDirectory(_directory.Path);
        maildrop.Create();
        maildrop.WriteSite(new Site(Domain.Parse("example.org"), 100_000));
        const string Head = "From: a@b.example\r\nDate: d\r\nMessage-ID: <1@x>\r\n\r\n";
        Assert.Equal(code, (await RunAsync(Head + new string('a', 100_000 - Head.Length - 2 + more) + "\r\n", "bob")).Code);
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(70_000, 65)]
    public async Task A_header_has_an_end(int more, int code)
    {
        _program.Outcome = new SubmissionOutcome.Accepted("1M864WF3GCGN4TCB");
        Assert.Equal(code, (await RunAsync(string.Concat(Enumerable.Repeat("X: 1234567\n", ((1024 * 1024) + more) / 12)), "bob")).Code);
    }

    [Fact]
    public async Task An_input_that_breaks_is_told_by_74()
    {
        using var error = new StringWriter();
        var code = await SendmailProgram.RunAsync("sendmail", ["bob"], _ => _program, new BrokenStream(), TextWriter.Null, error, new FakeTimeProvider(), TestContext.Current.CancellationToken);
        Assert.Equal(74, code);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task A_maildrop_that_cannot_be_made_is_told_by_73()
    {
        await File.WriteAllTextAsync(_directory.File("maildrop"), "in the way", TestContext.Current.CancellationToken);
        Assert.Equal(73, (await RunAsync("\nHello.\n", "bob")).Code);
    }

    [Fact]
    public async Task The_queue_is_shown_with_what_lies_in_the_maildrop()
    {
        Assert.Equal((0, "Mail queue is empty\n", ""), await RunAsync("", "-bp"));
        Assert.Equal(0, (await RunAsync("\nHello.\n", "bob@example.net")).Code);
        _program.Waiting =
        [
            new QueuedMail("1M864WF3GCGN4TCB", 2048, DateTimeOffset.UnixEpoch, "<ann@example.org>",
            [
                new QueuedMailRecipient("bob@example.net", 2, DateTimeOffset.UnixEpoch, "4.4.1 no answer"),
                new QueuedMailRecipient("carol@example.net", 2, DateTimeOffset.UnixEpoch, "4.4.1 no answer"),
            ]),
        ];
        var (code, output, _) = await RunAsync("", "-bp");
        Assert.Equal(0, code);
        Assert.Contains("maildrop ", output, StringComparison.Ordinal);
        Assert.Contains("1M864WF3GCGN4TCB      2048 Thu Jan 01 00:00:00  <ann@example.org>\n    (4.4.1 no answer)\n", output, StringComparison.Ordinal);
        Assert.Contains(" bob@example.net\n", output, StringComparison.Ordinal);
        Assert.EndsWith("in 2 Requests.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_queue_cannot_do_is_told()
    {
        Assert.Equal(69, (await RunAsync("", "-q")).Code);
        _program.QueueFailure = new UnauthorizedAccessException("no");
        Assert.Equal(77, (await RunAsync("", "-bp")).Code);
        _program.QueueFailure = new IOException("no");
        Assert.Equal(69, (await RunAsync("", "-bp")).Code);
    }

    [Fact]
    public async Task Rebuilding_aliases_is_done_at_once() => Assert.Equal((0, "", ""), await RunAsync("", "-bi"));

    private IEnumerable<string> Left() =>
        Directory.Exists(_directory.File("maildrop")) ? Directory.EnumerateFiles(_directory.File("maildrop")).Where(file => !file.EndsWith(".site", StringComparison.Ordinal)) : [];

    private async Task<(int Code, string Output, string Error)> RunAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        var code = await SendmailProgram.RunAsync("sendmail", arguments, _ => _program, stream, output, error, clock, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken");
    }

    private sealed class FakeProgram(string directory) : ILocalProgram
    {
        public string DataDirectory => directory;

        public SubmissionOutcome? Outcome { get; set; }

        public IReadOnlyList<QueuedMail> Waiting { get; set; } = [];

        public Exception? QueueFailure { get; set; }

        public List<(DropEnvelope Envelope, string Message)> Taken { get; } = [];

        public Site? ConfiguredSite() => new(Domain.Parse("example.org"), 50 * 1024 * 1024);

        public async ValueTask<SubmissionOutcome?> SubmitAsync(Stream drop, CancellationToken cancellationToken)
        {
            using var copy = new MemoryStream();
            await drop.CopyToAsync(copy, cancellationToken);
            var octets = copy.ToArray();
            var end = octets.AsSpan().IndexOf(DropEnvelope.EndOfHead) + DropEnvelope.EndOfHead.Length;
            Assert.True(DropEnvelope.TryParse(octets.AsSpan(0, end), out var envelope));
            Taken.Add((envelope, Encoding.UTF8.GetString(octets.AsSpan(end))));
            return Outcome;
        }

        public Task<int> ServeStandardInputAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<QueuedMail>> QueueAsync(CancellationToken cancellationToken) => QueueFailure is null ? new(Waiting) : throw QueueFailure;

        public ValueTask<bool> RunQueueAsync(CancellationToken cancellationToken) => new(false);

        public Task<int> ServeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
