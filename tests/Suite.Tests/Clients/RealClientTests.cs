using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MimeKit;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>Programs that are not ours deliver to the development profile.</summary>
public sealed class RealClientTests
{
    [Fact]
    public async Task Swaks_delivers()
    {
        var swaks = RealPrograms.Find("swaks");
        await using var suite = await ProgramUnderTest.DevelopmentAsync();
        var (code, output, _) = await RealPrograms.RunAsync(swaks,
            ["--server", suite.EndPoint(EndpointKind.Smtp).ToString(), "--from", "ann@example.org", "--to", "bob@example.org", "--header", "Subject: From swaks", "--body", "Hello."]);
        Assert.True(code == 0, output);
        var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("bob@example.org", "From swaks"));
        Assert.StartsWith("Return-Path: <ann@example.org>\r\nDelivered-To: bob@example.org\r\nReceived: from ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Swaks_upgrades_to_TLS_and_signs_in()
    {
        var swaks = RealPrograms.Find("swaks");
        await using var suite = await ProgramUnderTest.DevelopmentAsync();
        var (code, output, error) = await RealPrograms.RunAsync(swaks,
        [
            "--server", suite.EndPoint(EndpointKind.Smtp).ToString(), "--from", "ann@example.org", "--to", "bob@example.org", "--header", "Subject: Over TLS",
            "--tls", "--auth", "PLAIN", "--auth-user", "ann@example.org", "--auth-password", "any",
        ]);
        if (error.Contains("TLS not available", StringComparison.Ordinal) || output.Contains("TLS not available", StringComparison.Ordinal))
            RealPrograms.Missing("This swaks cannot speak TLS: Net::SSLeay is not installed.");
        Assert.True(code == 0, output + error);
        var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("bob@example.org", "Over TLS"));
        Assert.Contains("with ESMTPSA", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_delivers()
    {
        var curl = RealPrograms.Find("curl");
        await using var suite = await ProgramUnderTest.DevelopmentAsync();
        var (code, _, error) = await RealPrograms.RunAsync(curl,
            ["--silent", "--show-error", "--url", $"smtp://{suite.EndPoint(EndpointKind.Smtp)}", "--mail-from", "ann@example.org", "--mail-rcpt", "bob@example.org", "--mail-rcpt", "carol@example.net", "--upload-file", "-"],
            "From: ann@example.org\r\nSubject: From curl\r\n\r\n.a line with a dot\r\n");
        Assert.True(code == 0, error);
        foreach (var recipient in new[] { "bob@example.org", "carol@example.net" })
            Assert.EndsWith("\r\n\r\n.a line with a dot\r\n", await ProgramUnderTest.TextOfAsync(await suite.MessageAsync(recipient, "From curl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Netcat_delivers_by_hand()
    {
        var netcat = RealPrograms.Find("nc");
        await using var suite = await ProgramUnderTest.DevelopmentAsync();
        var smtp = suite.EndPoint(EndpointKind.Smtp);
        var (_, output, _) = await RealPrograms.RunAsync(netcat, ["-w", "5", "127.0.0.1", $"{smtp.Port}"],
            "EHLO me\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: By hand\r\n\r\nHello.\r\n.\r\nQUIT\r\n");
        Assert.Contains("250 2.6.0", output, StringComparison.Ordinal);
        Assert.Contains("221 2.0.0", output, StringComparison.Ordinal);
        await suite.MessageAsync("bob@example.org", "By hand");
    }

    [Fact]
    public async Task MailKit_delivers_with_attachment_and_international_addresses()
    {
        await using var suite = await ProgramUnderTest.DevelopmentAsync();
        var message = new MimeMessage { Subject = "Grüße from MailKit" };
        message.From.Add(MailboxAddress.Parse("ann@example.org"));
        message.To.Add(new MailboxAddress("Jörg", "jörg@bücher.example"));
        var body = new BodyBuilder { TextBody = "Hello.", HtmlBody = "<p>Hello.</p>" };
        body.Attachments.Add("data.bin", new byte[100_000]);
        message.Body = body.ToMessageBody();

        using var client = new SmtpClient();
        client.ServerCertificateValidationCallback = static (_, _, _, _) => true;
        var smtp = suite.EndPoint(EndpointKind.Smtp);
        await client.ConnectAsync("127.0.0.1", smtp.Port, SecureSocketOptions.StartTls, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync("ann@example.org", "any", TestContext.Current.CancellationToken);
        await client.SendAsync(new FormatOptions { International = true }, message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);

        var stored = await suite.MessageAsync("jörg@bücher.example", "Grüße from MailKit");
        await using var content = stored.Content.OpenRead();
        var read = await MimeMessage.LoadAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal("data.bin", Assert.Single(read.Attachments).ContentDisposition?.FileName);
    }

    [Fact]
    public async Task MailKit_is_made_to_authenticate_and_to_encrypt_by_the_server_profile()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("example.org");
        await suite.AddAccountAsync("ann@example.org", "correct horse battery");
        var message = new MimeMessage([MailboxAddress.Parse("ann@example.org")], [MailboxAddress.Parse("ann@example.org")], "To myself", new TextPart("plain") { Text = "Hello." });

        foreach (var (kind, security) in new[] { (EndpointKind.Submission, SecureSocketOptions.StartTls), (EndpointKind.SubmissionTls, SecureSocketOptions.SslOnConnect) })
        {
            using var client = new SmtpClient();
            client.ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate!.Subject == "CN=mx.example.org";
            await client.ConnectAsync("127.0.0.1", suite.EndPoint(kind).Port, security, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<ServiceNotAuthenticatedException>(() => client.SendAsync(message, TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync("ann@example.org", "wrong", TestContext.Current.CancellationToken));
            await client.AuthenticateAsync("ann@example.org", "correct horse battery", TestContext.Current.CancellationToken);
            await client.SendAsync(message, TestContext.Current.CancellationToken);
            await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);
        }

        using var clear = new SmtpClient();
        await clear.ConnectAsync("127.0.0.1", suite.EndPoint(EndpointKind.Submission).Port, SecureSocketOptions.None, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("PLAIN", clear.AuthenticationMechanisms);
        await suite.MessageAsync("ann@example.org", "To myself");
    }

    [Fact]
    public async Task Nobody_relays_through_the_server_profile()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("example.org");
        using var stranger = await SmtpTalk.ConnectAsync(suite.EndPoint(EndpointKind.Smtp).Port);
        await stranger.SayAsync("EHLO stranger.example.net");
        await stranger.SayAsync("MAIL FROM:<ann@example.org>");
        Assert.StartsWith("550 5.7.1", await stranger.SayAsync("RCPT TO:<bob@elsewhere.example>"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", await stranger.SayAsync("RCPT TO:<nobody@example.org>"), StringComparison.Ordinal);
    }
}
