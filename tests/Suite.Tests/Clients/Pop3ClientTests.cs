using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>Mailboxes over POP3: the ports of both profiles, and programs that people use.</summary>
public sealed class Pop3ClientTests(SharedServer server) : IClassFixture<SharedServer>
{
    private readonly ProgramUnderTest _suite = server.Program;

    [Fact]
    public async Task Serves_the_development_profile_on_loopback_with_any_password()
    {
        await using var program = await ProgramUnderTest.DevelopmentAsync();
        await SendAsync(program, "ann@example.org", "One");
        await using var talk = await LineTalk.ConnectAsync(program.EndPoint(EndpointKind.Pop3).Port);
        Assert.Equal("+OK Send the password", await talk.SayAsync("USER ann@example.org"));
        Assert.StartsWith("+OK 1 message ", await talk.SayAsync("PASS any"), StringComparison.Ordinal);
        Assert.StartsWith("+OK ", await talk.SayAsync("RETR 1"), StringComparison.Ordinal);
        Assert.Contains("Subject: One", await talk.ReadListAsync());
        Assert.Equal("+OK Goodbye", await talk.SayAsync("QUIT"));
        Assert.Equal("", await talk.ReadAsync());
    }

    [Fact]
    public async Task Serves_a_server_with_STLS_and_with_TLS_from_the_first_octet()
    {
        var ann = await server.MailboxAsync();
        await SendAsync(_suite, ann, "Two");
        await using (var talk = await LineTalk.ConnectAsync(_suite.EndPoint(EndpointKind.Pop3).Port))
        {
            Assert.StartsWith("-ERR ", await talk.SayAsync($"USER {ann}"), StringComparison.Ordinal);
            Assert.StartsWith("+OK ", await talk.SayAsync("STLS"), StringComparison.Ordinal);
            await talk.BeginTlsAsync();
            Assert.StartsWith("+OK ", await talk.SayAsync($"USER {ann}"), StringComparison.Ordinal);
            Assert.StartsWith("+OK 1 message ", await talk.SayAsync($"PASS {SharedServer.Password}"), StringComparison.Ordinal);
            Assert.Equal("+OK Goodbye", await talk.SayAsync("QUIT"));
        }

        await using var tls = await LineTalk.ConnectTlsAsync(_suite.EndPoint(EndpointKind.Pop3Tls).Port);
        Assert.StartsWith("+OK ", await tls.SayAsync($"USER {ann}"), StringComparison.Ordinal);
        Assert.StartsWith("+OK 1 message ", await tls.SayAsync($"PASS {SharedServer.Password}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(EndpointKind.Pop3), "pop3", "")]
    [InlineData(nameof(EndpointKind.Pop3), "pop3", "AUTH=PLAIN")]
    [InlineData(nameof(EndpointKind.Pop3Tls), "pop3s", "AUTH=PLAIN")]
    [InlineData(nameof(EndpointKind.Pop3Tls), "pop3s", "AUTH=LOGIN")]
    public async Task Curl_lists_and_fetches(string listener, string scheme, string login)
    {
        var curl = RealPrograms.Find("curl");
        var ann = await server.MailboxAsync();
        await SendAsync(_suite, ann, "For curl");
        var port = _suite.EndPoint(Enum.Parse<EndpointKind>(listener)).Port;
        string[] options = ["--silent", "--show-error", "--insecure", "--ssl-reqd", "--user", $"{ann}:{SharedServer.Password}", .. login.Length == 0 ? Array.Empty<string>() : ["--login-options", login]];
        var (code, output, error) = await RealPrograms.RunAsync(curl, [.. options, $"{scheme}://127.0.0.1:{port}/1"]);
        Assert.True(code == 0, error);
        Assert.Contains("Subject: For curl", output, StringComparison.Ordinal);
        Assert.EndsWith(".a line with a dot\r\n", output, StringComparison.Ordinal);
        (code, output, error) = await RealPrograms.RunAsync(curl, [.. options, $"{scheme}://127.0.0.1:{port}/"]);
        Assert.True(code == 0, error);
        Assert.Matches("^1 [0-9]+\r?\n$", output);
    }

    [Fact]
    public async Task Mpop_fetches_each_message_once()
    {
        var mpop = RealPrograms.Find("mpop");
        var ann = await server.MailboxAsync();
        await SendAsync(_suite, ann, "For mpop");
        using var directory = new MailSuite.Testing.TempDirectory();
        string[] options =
        [
            "--host=127.0.0.1", $"--port={_suite.EndPoint(EndpointKind.Pop3).Port}", $"--user={ann}", $"--passwordeval=echo '{SharedServer.Password}'", "--tls=on", "--tls-starttls=on",
            "--tls-certcheck=off", "--keep=on", $"--uidls-file={directory.Path}/uidls", $"--delivery=mbox,{directory.Path}/inbox", "--auth=on",
        ];
        foreach (var _ in new[] { 1, 2 })
        {
            var (code, output, error) = await RealPrograms.RunAsync(mpop, options);
            Assert.True(code == 0, output + error);
        }

        var inbox = await File.ReadAllTextAsync(Path.Combine(directory.Path, "inbox"), TestContext.Current.CancellationToken);
        Assert.Equal(2, inbox.Split("Subject: For mpop").Length);
    }

    [Fact]
    public async Task Fetchmail_fetches_and_removes()
    {
        var fetchmail = RealPrograms.Find("fetchmail");
        var ann = await server.MailboxAsync();
        await SendAsync(_suite, ann, "For fetchmail");
        using var directory = new MailSuite.Testing.TempDirectory();
        var file = Path.Combine(directory.Path, "rc");
        await File.WriteAllTextAsync(file, $"""
            poll 127.0.0.1 protocol pop3 service {_suite.EndPoint(EndpointKind.Pop3Tls).Port} auth password user "{ann}" password "{SharedServer.Password}" ssl no sslcertck nokeep mda "cat >> {directory.Path}/inbox"
            """, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (code, output, error) = await RealPrograms.RunAsync(fetchmail, ["--fetchmailrc", file, "--pidfile", Path.Combine(directory.Path, "pid"), "--idfile", Path.Combine(directory.Path, "ids")], environment: new Dictionary<string, string> { ["HOME"] = directory.Path });
        Assert.True(code == 0, output + error);
        Assert.Contains("Subject: For fetchmail", await File.ReadAllTextAsync(Path.Combine(directory.Path, "inbox"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(await _suite.TextsAsync(ann));
    }

    private static async Task SendAsync(ProgramUnderTest program, string to, string subject)
    {
        using var talk = await SmtpTalk.ConnectAsync(program.EndPoint(EndpointKind.Smtp).Port);
        await talk.BeginDataAsync("carol@example.net", to);
        Assert.StartsWith("250", await talk.SayAsync($"From: carol@example.net\r\nSubject: {subject}\r\n\r\n..a line with a dot\r\n."), StringComparison.Ordinal);
    }
}
