using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>What swaks asks of TLS, AUTH, several recipients and XCLIENT, of the server profile.</summary>
public sealed class SwaksServerTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ProgramUnderTest _suite = shared.Program;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_of_several_recipients_is_refused_and_the_others_have_it(bool pipeline)
    {
        var (first, second) = (await shared.MailboxAsync(), await shared.MailboxAsync());
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, ["--to", $"{first},nobody@example.org,bob@elsewhere.example,{second}", "--suppress-data", .. Pipeline(pipeline)]);
        run.Ended(0, "<-  250 2.1.5", "<** 550 5.1.1", "<** 550 5.7.1", "<-  250 2.1.5", "<-  354 ", "<-  250 2.6.0", "<-  221 2.0.0");
        Assert.Single(await _suite.TextsAsync(first));
        Assert.Single(await _suite.TextsAsync(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_recipients_are_refused_and_no_DATA_is_taken(bool pipeline)
    {
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, ["--to", "nobody@example.org,noone@example.org", .. Pipeline(pipeline)]);
        run.Ended(24, ["<** 550 5.1.1", "<** 550 5.1.1", .. pipeline ? ["<** 554 5.5.1"] : Array.Empty<string>(), "<-  221 2.0.0"]);
        run.NeverSaid("<-  354 ");
    }

    [Theory]
    [InlineData("--auth", 28, "*** No authentication type succeeded")]
    [InlineData("--auth-optional-strict", 28, "*** No authentication type succeeded")]
    [InlineData("--auth-optional", 23, "<~* 530 5.7.0")]
    public async Task A_wrong_password_sends_nothing_however_little_swaks_insists(string auth, int code, string heard)
    {
        var to = await shared.MailboxAsync();
        var run = await Swaks.RunAsync(_suite, EndpointKind.Submission, "--to", to, "--from", to, "--tls", auth, "PLAIN", "--auth-user", to, "--auth-password", "wrong", "--auth-plaintext");
        run.Ended(code, $" ~> AUTH PLAIN \\0{to}\\0wrong", "<~* 535 5.7.8", heard, "<~  221 2.0.0");
        Assert.Empty(await _suite.TextsAsync(to));
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task An_empty_name_and_password_are_refused(string mechanism) =>
        (await Swaks.RunAsync(_suite, EndpointKind.Submission, "--to", SharedServer.Ann, "--tls", "--auth", mechanism, "--auth-user", "<>", "--auth-password", "<>")).Ended(28, "<~* 501 5.5.2", "<~  221 2.0.0");

    [Fact]
    public async Task A_mechanism_that_is_not_offered_is_not_tried() =>
        (await SubmitAsync(EndpointKind.Submission, SharedServer.Ann, "--tls", "--auth", "CRAM-MD5")).Ended(28, "*** Auth not attempted, requested type not available", "<~  221 2.0.0");

    [Theory]
    [InlineData(nameof(EndpointKind.Submission), "ESMTPA")]
    [InlineData(nameof(EndpointKind.Smtp), "ESMTPA")]
    [InlineData(nameof(EndpointKind.Smtp), "ESMTPSA")]
    [InlineData(nameof(EndpointKind.SubmissionTls), "SMTPS")]
    [InlineData(nameof(EndpointKind.Lmtp), "LMTPA")]
    public async Task AUTH_is_asked_for_where_it_is_not_offered(string listener, string protocol)
    {
        var run = await SubmitAsync(Enum.Parse<EndpointKind>(listener), SharedServer.Ann, "--protocol", protocol);
        run.Ended(28, "*** Host did not advertise authentication", "221 2.0.0");
        run.NeverSaid("> AUTH ");
    }

    [Theory]
    [InlineData(nameof(EndpointKind.Submission), "ESMTPSA")]
    [InlineData(nameof(EndpointKind.SubmissionTls), "SSMTPA")]
    public async Task A_protocol_alone_says_TLS_and_AUTH(string listener, string protocol)
    {
        var to = await shared.MailboxAsync();
        (await SubmitAsync(Enum.Parse<EndpointKind>(listener), to, "--protocol", protocol)).Ended(0, "<~  235 2.7.0", "<~  250 2.6.0", "<~  221 2.0.0");
        Assert.Contains("with ESMTPSA (TLS 1.", Assert.Single(await _suite.TextsAsync(to)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AUTH_that_is_optional_is_not_missed_by_the_MX()
    {
        var to = await shared.MailboxAsync();
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--auth-optional", "PLAIN", "--auth-user", SharedServer.Ann, "--auth-password", SharedServer.Password)).Ended(0, "*** Host did not advertise authentication", "<-  250 2.6.0");
        Assert.Single(await _suite.TextsAsync(to));
    }

    [Theory]
    [InlineData("tlsv1_2", "TLS 1.2")]
    [InlineData("tlsv1_3", "TLS 1.3")]
    public async Task TLS_of_either_version_is_spoken_where_it_is_optional(string version, string shown)
    {
        var to = await shared.MailboxAsync();
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--tls-optional", "--tls-protocol", version, "--tls-sni", "no.such.name.example")).Ended(0, "<-  220 2.0.0", "<~  250 2.6.0");
        Assert.Contains($"with ESMTPS ({shown}", Assert.Single(await _suite.TextsAsync(to)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tls", "--tls-protocol", "tlsv1_1")]
    [InlineData("--tls", "--tls-verify", "")]
    [InlineData("--tls-optional-strict", "--tls-verify", "")]
    [InlineData("--tls-optional", "--tls-verify", "")]
    public async Task TLS_that_fails_ends_the_session_with_nothing_delivered(string tls, string option, string value)
    {
        var to = await shared.MailboxAsync();
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, ["--to", to, tls, option, .. value.Length == 0 ? Array.Empty<string>() : [value]]);
        Assert.True(tls == "--tls-optional" ? run.Code != 0 : run.Code == 29, run.Transcript);
        Assert.Contains("*** STARTTLS attempted but failed", run.Transcript, StringComparison.Ordinal);
        Assert.Empty(await _suite.TextsAsync(to));
    }

    [Fact]
    public async Task The_certificate_that_is_shown_proves_the_server_the_next_time()
    {
        var to = await shared.MailboxAsync();
        using var folder = new TempDirectory();
        var file = Path.Combine(folder.Path, "peer.pem");
        (await Swaks.RunAsync(_suite, EndpointKind.SubmissionTls, "--to", to, "--tls-on-connect", "--tls-get-peer-cert", file, "--quit-after", "helo")).Ended(0, "<~  220 ", "<~  221 2.0.0");
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--tls", "--tls-verify", "--tls-ca-path", file)).Ended(0, "<~  250 2.6.0");
        Assert.Single(await _suite.TextsAsync(to));
    }

    [Theory]
    [InlineData(nameof(EndpointKind.Smtp), "--tls-on-connect", 29, "*** TLS startup failed")]
    [InlineData(nameof(EndpointKind.Smtp), "--protocol=SSMTP", 29, "*** TLS startup failed")]
    [InlineData(nameof(EndpointKind.SubmissionTls), "--timeout=1s", 21, "<** Timeout (1 secs) waiting for server response")]
    public async Task TLS_at_the_wrong_time_is_an_error_and_no_mail(string listener, string option, int code, string heard)
    {
        var to = await shared.MailboxAsync();
        (await Swaks.RunAsync(_suite, Enum.Parse<EndpointKind>(listener), ["--to", to, .. option.Split('=')])).Ended(code, heard);
        Assert.Empty(await _suite.TextsAsync(to));
    }

    [Theory]
    [InlineData("--xclient-addr", "nonsense", "<** 501 5.5.4")]
    [InlineData("--xclient", "FOO=bar", "<** 501 5.5.4")]
    [InlineData("--xclient-login", "nobody@example.org", "<** 550 5.7.1")]
    [InlineData("--xclient-reverse-name", "one.example.net", "*** Host did not advertise requested XCLIENT attributes")]
    public async Task XCLIENT_that_is_wrong_is_refused(string option, string value, string heard)
    {
        var to = await shared.MailboxAsync();
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, option, value)).Ended(33, heard, "<-  221 2.0.0");
        Assert.Empty(await _suite.TextsAsync(to));
    }

    [Fact]
    public async Task XCLIENT_in_two_parts_is_taken_when_the_address_is_the_last()
    {
        var to = await shared.MailboxAsync();
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--xclient-name", "there.example.net", "--xclient-helo", "helo.example.net", "--xclient-delim", "--xclient-addr", "192.0.2.44");
        run.Ended(0, " -> XCLIENT NAME=there.example.net", "<-  220 ", " -> XCLIENT ADDR=192.0.2.44", "<-  220 ", "<-  250 2.6.0");
        Assert.Contains("Received: from helo.example.net (there.example.net [192.0.2.44])", Assert.Single(await _suite.TextsAsync(to)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task XCLIENT_by_the_client_that_was_spoken_for_is_refused()
    {
        var to = await shared.MailboxAsync();
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--xclient-addr", "192.0.2.44", "--xclient-delim", "--xclient-name", "there.example.net");
        run.Ended(33, " -> XCLIENT ADDR=192.0.2.44", "<-  220 ", " -> XCLIENT NAME=there.example.net", "<** 550 5.7.1", "<-  221 2.0.0");
        Assert.Empty(await _suite.TextsAsync(to));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task XCLIENT_and_STARTTLS_go_in_either_order(bool before)
    {
        var to = await shared.MailboxAsync();
        var run = await Swaks.RunAsync(_suite, EndpointKind.Smtp, ["--to", to, "--tls", "--xclient-addr", "IPV6:2001:db8::44", .. before ? ["--xclient-before-starttls"] : Array.Empty<string>()]);
        run.Ended(0, before ? " -> XCLIENT " : " ~> XCLIENT ", "<~  250 2.6.0");
        var text = Assert.Single(await _suite.TextsAsync(to));
        Assert.Contains("[IPv6:2001:db8::44]", text, StringComparison.Ordinal);
        Assert.Contains(" with ESMTPS (TLS 1.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--quit-after", "<-  221 2.0.0")]
    [InlineData("--drop-after", "=== Dropping connection")]
    [InlineData("--drop-after-send", "=== Dropping connection")]
    public async Task A_session_may_end_behind_XCLIENT(string how, string heard)
    {
        var to = await shared.MailboxAsync();
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to, "--xclient-addr", "192.0.2.44", how, "xclient")).Ended(0, " -> XCLIENT ADDR=192.0.2.44", heard);
        (await Swaks.RunAsync(_suite, EndpointKind.Smtp, "--to", to)).Ended(0, "<-  250 2.6.0");
        Assert.DoesNotContain("192.0.2.44", Assert.Single(await _suite.TextsAsync(to)), StringComparison.Ordinal);
    }

    private Task<Swaks> SubmitAsync(EndpointKind kind, string who, params string[] options) =>
        Swaks.RunAsync(_suite, kind, ["--to", who, "--from", who, "--auth-user", who, "--auth-password", SharedServer.Password, .. options]);

    private static string[] Pipeline(bool pipeline) => pipeline ? ["--pipeline"] : [];
}
