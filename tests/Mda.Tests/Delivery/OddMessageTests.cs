using System.Diagnostics;
using System.Text;
using MailSuite.Mda.Search;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Delivery;

/// <summary>Messages as no program should write them, through the whole way from delivery to reading.</summary>
public sealed class OddMessageTests
{
    /// <summary>What one message may cost at most; a loaded machine takes a small part of it.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData(100)]
    public async Task Stores_each_vector_octet_by_octet_and_lists_it(int largeMessageOctets)
    {
        Assert.SkipWhen(TestVectors.Folder is null, TestVectors.Absent);
        await using var scene = new MdaScene(options => options with { LargeMessageOctets = largeMessageOctets });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var files = TestVectors.Messages();
        var messages = files.Select(file => WithCrLf(File.ReadAllBytes(file))).ToList();

        foreach (var message in messages)
            Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(new MemoryContent(message), "ann@example.org")));
        await scene.StartAsync();
        var inbox = await scene.MailboxAsync(ann);
        await MdaScene.UntilAsync(() => scene.MessagesAsync(ann).GetAwaiter().GetResult().All(summary => summary.Preview is not null));

        Assert.True(messages.Count > 100);
        Assert.Equal(messages.Count, inbox.Messages);
        for (var i = 0; i < messages.Count; i++)
        {
            var opened = await scene.Mailboxes.OpenAsync(ann.Id, inbox.Id, new Uid((uint)i + 1), Cancellation);
            Assert.Equal("Return-Path: <bob@example.net>\r\nDelivered-To: ann@example.org\r\n" + Encoding.Latin1.GetString(messages[i]), Encoding.Latin1.GetString(await OctetsAsync(opened!.Content)));
            if (Encoding.Latin1.GetString(messages[i]).StartsWith("Subject: ", StringComparison.OrdinalIgnoreCase))
                Assert.NotNull(opened.Summary.Subject);
        }

        await scene.StopAsync();
    }

    public static TheoryData<string, string> Bombs() => new()
    {
        { "messages in messages", string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\r\n\r\n", 20_000)) },
        { "parts in parts", string.Concat(Enumerable.Range(0, 10_000).Select(i => $"Content-Type: multipart/mixed; boundary={i}\r\n\r\n--{i}\r\n")) },
        { "parts of one boundary", "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", 10_000)) },
        { "a million parts", "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\n", 1_000_000)) },
        { "alternatives", "Content-Type: multipart/alternative; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\nContent-Type: text/html\r\n\r\n<b>\r\n", 20_000)) },
        { "references", "References: " + string.Concat(Enumerable.Repeat("<a@b> ", 10_800)) + "\r\n\r\n" },
        { "comments in comments", "From: " + new string('(', 60_000) + "\r\nDate: " + new string('(', 2_000) + "\r\n\r\n" },
        { "groups in groups", "To: " + string.Concat(Enumerable.Repeat("a:", 30_000)) + "\r\n\r\n" },
        { "recipients", "To: " + string.Concat(Enumerable.Repeat("a@b,", 15_000)) + "\r\nCc: " + string.Concat(Enumerable.Repeat("<a@b>;", 500)) + "\r\n\r\n" },
        { "encoded words", "Subject: " + string.Concat(Enumerable.Repeat("=?utf-8?q?=C3?= ", 4_000)) + "\r\n\r\n" },
        { "charsets", "Subject: " + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"=?x-{i}?q?a?= ")) + "\r\n\r\n" },
        { "parameters", "Content-Type: text/plain" + string.Concat(Enumerable.Range(0, 4_000).Select(i => $";a*{i}=x")) + "\r\n\r\n" },
        { "tags", "Content-Type: text/html\r\n\r\n" + new string('<', 250_000) },
        { "open comments", "Content-Type: text/html\r\n\r\n" + string.Concat(Enumerable.Repeat("<!--", 60_000)) },
        { "attributes", "Content-Type: text/html\r\n\r\n<p " + string.Concat(Enumerable.Repeat("a=\"", 60_000)) },
        { "entities", "Content-Type: text/html\r\n\r\n" + string.Concat(Enumerable.Repeat("&a", 120_000)) },
        { "scripts", "Content-Type: text/html\r\n\r\n" + string.Concat(Enumerable.Repeat("<script></scrip", 16_000)) },
        { "one line", "Subject: " + new string('x', 1_000_000) + "\r\n\r\n" },
        { "flowed", "Content-Type: text/plain; format=flowed\r\n\r\n" + string.Concat(Enumerable.Repeat("> > > > x \r\n", 20_000)) },
        { "ligatures", "Subject: " + string.Concat(Enumerable.Repeat("\uFDFA", 10_000)) + "\r\n\r\n" },
        { "uuencode", "\r\n" + string.Concat(Enumerable.Repeat("begin 644 x\r\nM\r\n", 15_000)) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task Is_done_soon_with_a_message_made_to_cost_much(string name, string message)
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var octets = Encoding.UTF8.GetBytes(message);
        var started = Stopwatch.GetTimestamp();

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(new MemoryContent(octets), "ann@example.org")));
        await MessagePreview.ReadAsync(new MemoryContent(octets), Cancellation);

        var took = Stopwatch.GetElapsedTime(started);
        Assert.True(took < Bound, $"{name}: {took}");
        Assert.Single(await scene.MessagesAsync(ann));
    }

    private static byte[] WithCrLf(byte[] octets) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(octets).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

    private static async Task<byte[]> OctetsAsync(IMessageContent content)
    {
        using var octets = new MemoryStream();
        await using var stream = content.OpenRead();
        await stream.CopyToAsync(octets, Cancellation);
        return octets.ToArray();
    }
}
