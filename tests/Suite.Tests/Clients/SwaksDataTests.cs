using System.Text;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using MimeKit;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>What swaks puts into DATA, to the development profile: what is taken comes out octet for octet.</summary>
public sealed class SwaksDataTests(SharedDevelopment shared) : IClassFixture<SharedDevelopment>, IDisposable
{
    /// <summary>Octets of a line with its CR LF; the default of <c>Mta:MaxTextLineOctets</c>.</summary>
    private const int MaxTextLine = 64 * 1024;

    private readonly ProgramUnderTest _suite = shared.Program;
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dots", "..two\r\n.one\r\n...\r\n.\r\nafter\r\n")]
    [InlineData("eight", "gr\u00fcn \u00c3\u00bc \u00ff\r\n")]
    [InlineData("nul", "a\0b\0\r\n")]
    public async Task Its_odd_octets_come_out_as_they_went_in(string name, string body)
    {
        var to = $"{name}@example.org";
        (await SendAsync(to, $"Subject: {name}\r\n\r\n{body}")).Ended(0, "<-  250 2.6.0");
        Assert.EndsWith($"Subject: {name}\r\n\r\n{body}", Assert.Single(await _suite.TextsAsync(to)).TrimEnd('\r', '\n') + "\r\n", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MaxTextLine, true)]
    [InlineData(MaxTextLine + 1, false)]
    public async Task Its_longest_line_is_taken_and_one_octet_more_is_not(int octets, bool taken)
    {
        var to = $"line{octets}@example.org";
        var line = new string('a', octets - 2);
        var run = await SendAsync(to, $"Subject: Long\r\n\r\n{line}\r\n");
        if (taken)
        {
            run.Ended(0, "<-  250 2.6.0");
            Assert.Contains($"\r\n\r\n{line}\r\n", Assert.Single(await _suite.TextsAsync(to)), StringComparison.Ordinal);
        }
        else
        {
            run.Ended(26, "<** 500 5.5.2");
            Assert.Empty(await _suite.TextsAsync(to));
        }
    }

    [Fact]
    public async Task A_NUL_in_the_header_is_refused_and_the_session_goes_on()
    {
        (await SendAsync("nul.header@example.org", "Subject: a\0b\r\n\r\nHello.\r\n")).Ended(26, "<** 554 5.5.2", "<-  221 2.0.0");
        Assert.Empty(await _suite.TextsAsync("nul.header@example.org"));
    }

    [Fact]
    public async Task Lines_that_end_in_LF_are_repaired_by_swaks_and_taken()
    {
        (await SendAsync("lf.repaired@example.org", "Subject: LF\n\none\ntwo\n")).Ended(0, "<-  250 2.6.0");
        Assert.Contains("Subject: LF\r\n\r\none\r\ntwo\r\n", Assert.Single(await _suite.TextsAsync("lf.repaired@example.org")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lf", "one\ntwo\r\n.\r\n")]
    [InlineData("cr", "one\rtwo\r\n.\r\n")]
    [InlineData("smuggled1", "one\n.\r\nMAIL FROM:<eve@example.net>\r\nRCPT TO:<smuggled@example.org>\r\nDATA\r\nSubject: Smuggled\r\n\r\ntwo\r\n.\r\n")]
    [InlineData("smuggled2", "one\r\n.\nMAIL FROM:<eve@example.net>\r\nRCPT TO:<smuggled@example.org>\r\nDATA\r\nSubject: Smuggled\r\n\r\ntwo\r\n.\r\n")]
    [InlineData("smuggled3", "one\n.\nMAIL FROM:<eve@example.net>\r\nRCPT TO:<smuggled@example.org>\r\nDATA\r\nSubject: Smuggled\r\n\r\ntwo\r\n.\r\n")]
    [InlineData("smuggled4", "one\r.\rMAIL FROM:<eve@example.net>\r\nRCPT TO:<smuggled@example.org>\r\nDATA\r\nSubject: Smuggled\r\n\r\ntwo\r\n.\r\n")]
    public async Task A_bare_CR_or_LF_is_refused_and_smuggles_nothing(string name, string body)
    {
        var to = $"{name}@example.org";
        (await SendAsync(to, $"Subject: {name}\r\n\r\n{body}", "--no-data-fixup")).Ended(26, "<** 554 5.5.2");
        Assert.Empty(await _suite.TextsAsync(to));
        Assert.Empty(await _suite.TextsAsync("smuggled@example.org"));
    }

    [Fact]
    public async Task What_follows_an_unstuffed_dot_is_no_part_of_the_message()
    {
        (await SendAsync("unstuffed@example.org", "Subject: Unstuffed\r\n\r\n..one\r\n.\r\nafter\r\n", "--no-data-fixup")).Ended(0, "<-  250 2.6.0", "<** 500 5.5.2");
        Assert.EndsWith("Subject: Unstuffed\r\n\r\n.one\r\n", Assert.Single(await _suite.TextsAsync("unstuffed@example.org")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attachments_are_there_octet_for_octet()
    {
        var octets = new byte[100_000];
        new Random(1).NextBytes(octets);
        var file = Path.Combine(_folder.Path, "data.bin");
        await File.WriteAllBytesAsync(file, octets, TestContext.Current.CancellationToken);
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", "attached@example.org", "--suppress-data",
            "--attach-type", "application/octet-stream", "--attach-name", "data.bin", "--attach", $"@{file}", "--attach-type", "text/plain", "--attach-name", "dot.txt", "--attach", ".\n.\n");
        run.Ended(0, " lines sent", "<-  250 2.6.0");
        using var text = new MemoryStream(Encoding.Latin1.GetBytes(Assert.Single(await _suite.TextsAsync("attached@example.org"))));
        var message = await MimeMessage.LoadAsync(text, TestContext.Current.CancellationToken);
        var attached = message.Attachments.OfType<MimePart>().ToList();
        Assert.Equal(["data.bin", "dot.txt"], attached.Select(part => part.FileName));
        using var content = new MemoryStream();
        await attached[0].Content!.DecodeToAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal(octets, content.ToArray());
    }

    private async Task<Swaks> SendAsync(string to, string data, params string[] options)
    {
        var file = Path.Combine(_folder.Path, "message");
        await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes(data), TestContext.Current.CancellationToken);
        return await Swaks.RunAsync(_suite, EndpointKind.Smtp, ["--to", to, "--suppress-data", "--data", $"@{file}", .. options]);
    }
}
