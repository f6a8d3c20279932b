using System.Net;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>The whole program between Postfix's SMTP client and Postfix's SMTP server.</summary>
public sealed class PostfixTests : IAsyncDisposable
{
    private const string Password = "correct horse battery";

    private readonly FakeDnsServer _dns = new FakeDnsServer().Mx("postfix.test", 10, "mx.postfix.test").Address("mx.postfix.test", IPAddress.Loopback);

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task Hundreds_of_messages_of_its_client_are_all_there()
    {
        const int Messages = 300;
        var source = RealPrograms.Find("smtp-source");
        await using var suite = await ProgramUnderTest.DevelopmentAsync();
        var (code, output, error) = await RealPrograms.RunAsync(source,
            ["-m", $"{Messages}", "-s", "20", "-l", "5000", "-f", "ann@example.org", "-t", "bob@example.org", suite.EndPoint(EndpointKind.Smtp).ToString()]);
        Assert.True(code == 0, output + error);

        var bob = await suite.Accounts.FindAsync(Shared.Addressing.EnvelopeAddress.Parse("bob@example.org"), TestContext.Current.CancellationToken);
        var inbox = (await suite.Mailboxes.ListAsync(bob!.Id, TestContext.Current.CancellationToken))[0];
        Assert.Equal(Messages, inbox.Messages);
    }

    [Fact]
    public async Task Its_server_takes_what_is_relayed()
    {
        using var sink = await SmtpSink.StartAsync();
        await using var suite = await InstanceAsync(sink);
        await SubmitAsync(suite, "bob@postfix.test", "Relayed", ".a line with a dot\r\n");

        var message = await Eventually.GetAsync(() => Task.FromResult(sink.Messages.FirstOrDefault(m => m.Contains("a line with a dot", StringComparison.Ordinal))), "the message at Postfix's server");
        Assert.Contains("Subject: Relayed", message, StringComparison.Ordinal);
        Assert.Contains("by mx.a.test with ESMTPS", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Return-Path:", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipient_that_its_server_refuses_is_reported_with_its_words()
    {
        using var sink = await SmtpSink.StartAsync("-f", "RCPT");
        await using var suite = await InstanceAsync(sink);
        await SubmitAsync(suite, "bob@postfix.test", "Refused", "Hello.\r\n");

        var report = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("ann@a.test", "Not delivered to"));
        Assert.Contains("bob@postfix.test", report, StringComparison.Ordinal);
        Assert.Contains("mx.postfix.test", report, StringComparison.Ordinal);
        Assert.Contains("Diagnostic-Code: smtp; 500", report, StringComparison.Ordinal);
    }

    private async Task<ProgramUnderTest> InstanceAsync(SmtpSink sink)
    {
        var suite = await ProgramUnderTest.ServerAsync("a.test", ("MAILSUITE_Relay__Port", $"{sink.Port}"), ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()));
        await suite.AddAccountAsync("ann@a.test", Password);
        return suite;
    }

    private static async Task SubmitAsync(ProgramUnderTest suite, string to, string subject, string body)
    {
        var curl = RealPrograms.Find("curl");
        var (code, _, error) = await RealPrograms.RunAsync(curl,
        [
            "--silent", "--show-error", "--insecure", "--ssl-reqd", "--user", $"ann@a.test:{Password}", "--url", $"smtp://{suite.EndPoint(EndpointKind.Submission)}",
            "--mail-from", "ann@a.test", "--mail-rcpt", to, "--upload-file", "-",
        ], $"From: ann@a.test\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{body}");
        Assert.True(code == 0, error);
    }
}
