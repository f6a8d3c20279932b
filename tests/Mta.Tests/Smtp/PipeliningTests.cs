using System.IO.Pipelines;
using System.Text;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class PipeliningTests
{
    [Theory, EveryChunking]
    public Task Answers_a_group_of_commands_in_order(Chunking chunking) => SmtpScene.PlayAsync(chunking, SmtpScene.Hello + """
        C: MAIL FROM:<carol@example.net>
        C: RCPT TO:<alice@example.org>
        C: RCPT TO:<nobody@example.org>
        C: DATA
        S: 250 2.1.0 *
        S: 250 2.1.5 *
        S: 550 5.1.1 *
        S: 354 *
        C: Subject: one
        C: .
        C: MAIL FROM:<carol@example.net>
        C: RCPT TO:<bob@example.org>
        C: DATA
        S: 250 2.6.0 *
        S: 250 2.1.0 *
        S: 250 2.1.5 *
        S: 354 *
        C: .
        C: QUIT
        S: 250 2.6.0 *
        S: 221 *
        S: (closed)
        """);

    [EhloKeyword("PIPELINING")]
    [Fact]
    public async Task Sends_the_replies_to_a_group_together()
    {
        await using var scene = new SmtpScene();
        await using var transports = new ConnectedTransports();
        var counted = new CountedFlushes(transports.Server.Output);
        await using var server = new PipeTransport(transports.Server.Input, counted, null, null, null);
        var session = scene.Server.ServeAsync(server, scene.Role, CancellationToken.None);
        await ReadAsync(transports);
        await transports.SendAsync("EHLO c\r\nMAIL FROM:<carol@example.net>\r\nRCPT TO:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var replies = await ReadAsync(transports);
        Assert.StartsWith("250-mx.example.org\r\n", replies, StringComparison.Ordinal);
        Assert.EndsWith("250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n250 2.1.5 Recipient ok\r\n", replies, StringComparison.Ordinal);
        Assert.Equal(2, counted.Flushes); // the greeting, and the group
        await transports.Client.Output.CompleteAsync();
        await session;
    }

    [Fact]
    public async Task Answers_what_was_sent_before_the_client_closed_its_half()
    {
        await using var scene = new SmtpScene(configure: options => options with { Strictness = options.Strictness with { RefusePipeliningErrors = false } });
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: 220 *
            C: HELO client.example.net
            C: MAIL FROM:<carol@example.net>
            C: RCPT TO:<alice@example.org>
            C: DATA
            C: .
            C: (close)
            S: 250 mx.example.org
            S: 250 2.1.0 *
            S: 250 2.1.5 *
            S: 354 *
            S: 250 2.6.0 *
            S: (closed)
            """);
        Assert.Single(scene.Mailboxes.Of("alice@example.org"));
    }

    private sealed class CountedFlushes(PipeWriter writer) : PipeWriter
    {
        public int Flushes { get; private set; }

        public override void Advance(int bytes) => writer.Advance(bytes);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => writer.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Flushes++;
            return writer.FlushAsync(cancellationToken);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);
    }

    private static async Task<string> ReadAsync(ConnectedTransports transports)
    {
        var read = await transports.Client.Input.ReadAsync(TestContext.Current.CancellationToken);
        var text = Encoding.ASCII.GetString(read.Buffer);
        transports.Client.Input.AdvanceTo(read.Buffer.End);
        return text;
    }
}
