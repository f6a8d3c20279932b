using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>How swaks begins, breaks off and ends sessions, to the development profile.</summary>
public sealed class SwaksSessionTests(SharedDevelopment shared) : IClassFixture<SharedDevelopment>
{
    private readonly ProgramUnderTest _suite = shared.Program;

    [Fact]
    public async Task Pipelines_and_each_command_is_answered_in_its_turn()
    {
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", "pipe1@example.org,pipe2@example.org", "--pipeline");
        run.Ended(0,
            " -> MAIL FROM:<eve@example.net>", " -> RCPT TO:<pipe1@example.org>", " -> RCPT TO:<pipe2@example.org>", " -> DATA",
            "<-  250 2.1.0", "<-  250 2.1.5", "<-  250 2.1.5", "<-  354 ", "<-  250 2.6.0", "<-  221 2.0.0");
        Assert.Single(await _suite.TextsAsync("pipe1@example.org"));
        Assert.Single(await _suite.TextsAsync("pipe2@example.org"));
    }

    [Theory]
    [InlineData("[127.0.0.1]", "[127.0.0.1]")]
    [InlineData("[IPv6:::1]", "[IPv6:::1]")]
    [InlineData("my_pc", "my_pc")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    public async Task Says_an_odd_name_and_Received_has_it(string name, string shown)
    {
        var to = shared.Mailbox();
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--helo", name)).Ended(0, $" -> EHLO {name}", "<-  250 2.6.0");
        Assert.Contains($"Received: from {shown} ", Assert.Single(await _suite.TextsAsync(to)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[999.1.1.1]")]
    [InlineData("[IPv6:zz]")]
    [InlineData("two words")]
    [InlineData("bücher.example")]
    public async Task Says_what_is_no_name_and_is_told_so_for_EHLO_and_HELO(string name) =>
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", "nobody.heloed@example.org", "--helo", name)).Ended(22, "<** 501 5.5.4", " -> HELO ", "<** 501 5.5.4", "<-  221 2.0.0");

    [Theory]
    [InlineData("connect", "<-  220 ")]
    [InlineData("first-helo", "<-  250-")]
    [InlineData("tls", "<-  250-")]
    [InlineData("helo", "<-  250-")]
    [InlineData("auth", "<-  250-")]
    [InlineData("mail", "<-  250 2.1.0")]
    [InlineData("rcpt", "<-  250 2.1.5")]
    public async Task Quits_after_any_stage_and_leaves_nothing(string stage, string last)
    {
        var to = $"quit.{stage}@example.org";
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--quit-after", stage)).Ended(0, last, " -> QUIT", "<-  221 2.0.0");
        Assert.Empty(await _suite.TextsAsync(to));
    }

    [Theory]
    [InlineData("--drop-after", "connect", 0)]
    [InlineData("--drop-after", "first-helo", 0)]
    [InlineData("--drop-after", "tls", 0)]
    [InlineData("--drop-after", "helo", 0)]
    [InlineData("--drop-after", "auth", 0)]
    [InlineData("--drop-after", "mail", 0)]
    [InlineData("--drop-after", "rcpt", 0)]
    [InlineData("--drop-after", "data", 0)]
    [InlineData("--drop-after", "dot", 1)]
    [InlineData("--drop-after-send", "first-helo", 0)]
    [InlineData("--drop-after-send", "mail", 0)]
    [InlineData("--drop-after-send", "rcpt", 0)]
    [InlineData("--drop-after-send", "data", 0)]
    [InlineData("--drop-after-send", "dot", 1)]
    public async Task Drops_the_connection_and_the_message_is_whole_or_not_there(string how, string stage, int delivered)
    {
        var to = $"{how.TrimStart('-')}.{stage}@example.org";
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--header", "Subject: Dropped", how, stage)).Ended(0, "=== Dropping connection");
        await NextSessionAsync(to, delivered);
    }

    [Fact]
    public async Task Drops_the_connection_behind_a_pipelined_DATA_and_nothing_is_there()
    {
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", "pipe.drop@example.org", "--header", "Subject: Dropped", "--pipeline", "--drop-after-send", "data");
        run.Ended(0, " -> DATA", "=== Dropping connection");
        await NextSessionAsync("pipe.drop@example.org", 0);
    }

    [Fact]
    public async Task Speaks_SMTP_of_old_without_EHLO()
    {
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", "helo.only@example.org", "--protocol", "SMTP");
        run.Ended(0, " -> HELO client.example.net", "<-  250 2.6.0");
        Assert.Contains(" with SMTP id ", Assert.Single(await _suite.TextsAsync("helo.only@example.org")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(EndpointKind.Smtp), "LMTP", " -> LHLO client.example.net", "<** 500 5.5.1")]
    [InlineData(nameof(EndpointKind.Lmtp), "ESMTP", " -> EHLO client.example.net", "<** 500 5.5.1")]
    [InlineData(nameof(EndpointKind.Lmtp), "SMTP", " -> HELO client.example.net", "<** 500 5.5.1")]
    public async Task Speaks_the_other_protocol_and_is_told_which_this_is(string listener, string protocol, string said, string heard) =>
        (await Swaks.RunAsync(_suite, Enum.Parse<EndpointKind>(listener), "--to", "other.protocol@example.org", "--protocol", protocol)).Ended(22, said, heard, "<-  221 2.0.0");

    [Fact]
    public async Task Speaks_LMTP_under_TLS()
    {
        (await Swaks.RunAsync(_suite, EndpointKind.Lmtp, "--to", "lmtps1@example.org,lmtps2@example.org", "--protocol", "LMTPS")).Ended(0, "<~  354 ", "<~  250 2.6.0", "<~  250 2.6.0", "<~  221 2.0.0");
        foreach (var to in new[] { "lmtps1@example.org", "lmtps2@example.org" })
            Assert.Contains(" with LMTPS ", Assert.Single(await _suite.TextsAsync(to)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_for_PRDR_and_sees_that_it_is_not_offered()
    {
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", "prdr@example.org", "--prdr");
        run.Ended(30, "*** Host did not advertise PRDR support", "<-  221 2.0.0");
        Assert.Empty(await _suite.TextsAsync("prdr@example.org"));
    }

    [Fact]
    public async Task Asks_for_XCLIENT_where_it_may_not_and_goes_on_only_as_itself()
    {
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", "xclient@example.org", "--xclient-addr", "192.0.2.9")).Ended(33, "*** Host did not advertise XCLIENT", "<-  221 2.0.0");
        Assert.Empty(await _suite.TextsAsync("xclient@example.org"));
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", "xclient@example.org", "--xclient-addr", "192.0.2.9", "--xclient-optional")).Ended(0, "<-  250 2.6.0");
        Assert.DoesNotContain("192.0.2.9", Assert.Single(await _suite.TextsAsync("xclient@example.org")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_a_PROXY_header_where_no_proxy_is_and_nothing_is_delivered()
    {
        string[] proxy = ["--proxy-family", "TCP4", "--proxy-source", "192.0.2.33", "--proxy-source-port", "40123", "--proxy-dest", "192.0.2.1", "--proxy-dest-port", "25"];
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, ["--to", "proxied@example.org", .. proxy]);
        Assert.NotEqual(0, run.Code);
        Assert.Contains("500 5.5.2", run.Transcript, StringComparison.Ordinal);
        Assert.Empty(await _suite.TextsAsync("proxied@example.org"));
    }

    [Theory]
    [InlineData("eve@example.net> SIZE=99999999999 ENVID=<", 23, "<** 552 5.3.4")]
    [InlineData("eve@example.net> BODY=9BITMIME ENVID=<", 23, "<** 501 ")]
    [InlineData("eve@example.net> NOSUCH=<", 23, "<** 555 ")]
    [InlineData("two words@@example.net", 23, "<** 501 5.1.7")]
    [InlineData("eve@example.net> SIZE=1000 BODY=8BITMIME RET=HDRS ENVID=<", 0, "<-  250 2.1.0")]
    [InlineData("<>", 0, "<-  250 2.1.0")]
    public async Task Puts_parameters_behind_the_sender(string from, int code, string heard)
    {
        var to = shared.Mailbox();
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--from", from)).Ended(code, " -> MAIL FROM:<", heard, "<-  221 2.0.0");
        Assert.Equal(code == 0 ? 1 : 0, (await _suite.TextsAsync(to)).Count);
    }

    /// <summary>The next session is served; of the one before there are so many messages, whole.</summary>
    private async Task NextSessionAsync(string to, int dropped)
    {
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--header", "Subject: Next")).Ended(0, "<-  250 2.6.0");
        var texts = await Eventually.GetAsync(async () => await _suite.TextsAsync(to) is { } found && found.Count > dropped ? found : null, $"{dropped + 1} messages to {to}");
        Assert.Equal(dropped, texts.Count(text => text.Contains("Subject: Dropped\r\n", StringComparison.Ordinal)));
        Assert.Single(texts, text => text.Contains("Subject: Next\r\n", StringComparison.Ordinal));
        Assert.All(texts, text => Assert.EndsWith("\r\n\r\nHello.\r\n\r\n\r\n", text, StringComparison.Ordinal));
    }
}
