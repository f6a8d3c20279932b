using MailKit.Net.Smtp;
using MailKit.Security;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MimeKit;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>What is asked of strangers no real program fails at; here loopback is not trusted.</summary>
public sealed class StrangerTests
{
    private static readonly (string Name, string Value)[] Strict =
        [("MAILSUITE_Strictness__TrustedNetworks", "192.0.2.1"), ("MAILSUITE_Strictness__GreetDelay", "200 ms"), ("MAILSUITE_Strictness__HelloName", "Rfc")];

    [Fact]
    public async Task Swaks_delivers_pipelined()
    {
        var swaks = RealPrograms.Find("swaks");
        await using var suite = await ProgramUnderTest.DevelopmentAsync(Strict);
        var (code, output, _) = await RealPrograms.RunAsync(swaks,
        [
            "--server", suite.EndPoint(EndpointKind.Smtp).ToString(), "--ehlo", "client.example.net", "--pipeline", "--from", "ann@example.org", "--to", "bob@example.org,carol@example.org",
            "--auth", "LOGIN", "--auth-user", "ann@example.org", "--auth-password", "any", "--header", "Subject: From swaks", "--body", "Hello.",
        ]);
        Assert.True(code == 0, output);
        await suite.MessageAsync("carol@example.org", "From swaks");
    }

    [Fact]
    public async Task Curl_delivers()
    {
        var curl = RealPrograms.Find("curl");
        await using var suite = await ProgramUnderTest.DevelopmentAsync(Strict);
        var (code, _, error) = await RealPrograms.RunAsync(curl,
            ["--silent", "--show-error", "--url", $"smtp://{suite.EndPoint(EndpointKind.Smtp)}/client.example.net", "--user", "ann@example.org:any", "--mail-from", "ann@example.org", "--mail-rcpt", "bob@example.org", "--upload-file", "-"],
            "Subject: From curl\r\n\r\nHello.\r\n");
        Assert.True(code == 0, error);
        await suite.MessageAsync("bob@example.org", "From curl");
    }

    [Fact]
    public async Task The_load_generator_of_Postfix_delivers()
    {
        var source = RealPrograms.Find("smtp-source");
        await using var suite = await ProgramUnderTest.DevelopmentAsync(Strict);
        var (code, output, error) = await RealPrograms.RunAsync(source,
            ["-m", "20", "-s", "4", "-d", "-M", "client.example.net", "-f", "ann@example.org", "-t", "bob@example.org", "-S", "From smtp-source", $"inet:{suite.EndPoint(EndpointKind.Smtp)}"]);
        Assert.True(code == 0, output + error);
        await suite.MessageAsync("bob@example.org", "From smtp-source");
    }

    [Fact]
    public async Task MailKit_delivers_over_TLS_and_signs_in()
    {
        await using var suite = await ProgramUnderTest.DevelopmentAsync(Strict);
        var message = new MimeMessage { Subject = "From MailKit", Body = new TextPart("plain") { Text = "Hello." } };
        message.From.Add(MailboxAddress.Parse("ann@example.org"));
        message.To.Add(MailboxAddress.Parse("bob@example.org"));
        using var client = new SmtpClient { LocalDomain = "client.example.net", ServerCertificateValidationCallback = static (_, _, _, _) => true };
        await client.ConnectAsync("127.0.0.1", suite.EndPoint(EndpointKind.Smtp).Port, SecureSocketOptions.StartTls, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync("ann@example.org", "any", TestContext.Current.CancellationToken);
        await client.SendAsync(message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);
        await suite.MessageAsync("bob@example.org", "From MailKit");
    }

    [Fact]
    public async Task Netcat_that_waits_for_nothing_is_sent_away()
    {
        var netcat = RealPrograms.Find("nc");
        await using var suite = await ProgramUnderTest.DevelopmentAsync(Strict);
        var (_, output, _) = await RealPrograms.RunAsync(netcat, ["-w", "5", "127.0.0.1", $"{suite.EndPoint(EndpointKind.Smtp).Port}"], "EHLO me\r\nMAIL FROM:<ann@example.org>\r\n");
        Assert.Equal("554 5.5.1 Wait for the reply before you go on\r\n", output);
    }
}
