using System.Net;
using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using MimeKit;
using MimeKit.Utils;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>Two instances of the whole program, two domains, and the DNS between them.</summary>
public sealed class RelayTests : IAsyncDisposable
{
    private const string Password = "correct horse battery";

    private readonly FakeDnsServer _dns = new FakeDnsServer()
        .Mx("a.test", 10, "mx.a.test").Address("mx.a.test", IPAddress.Loopback)
        .Mx("b.test", 10, "mx.b.test").Address("mx.b.test", IPAddress.Loopback);

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task A_message_and_its_answer_go_over_and_the_journeys_show_it()
    {
        var (portA, portB) = (SmtpSink.FreePort(), SmtpSink.FreePort());
        await using var a = await InstanceAsync("a.test", portA, portB);
        await using var b = await InstanceAsync("b.test", portB, portA);
        await a.AddAccountAsync("ann@a.test", Password);
        await b.AddAccountAsync("bob@b.test", Password);

        var id = await SubmitAsync(a, "ann@a.test", "bob@b.test", "Question");
        var question = await b.MessageAsync("bob@b.test", "Question");
        var text = await ProgramUnderTest.TextOfAsync(question);
        Assert.StartsWith("Return-Path: <ann@a.test>\r\nDelivered-To: bob@b.test\r\nReceived: from mx.a.test", text, StringComparison.Ordinal);
        Assert.Contains("by mx.b.test with ESMTPS", text, StringComparison.Ordinal);

        await SubmitAsync(b, "bob@b.test", "ann@a.test", "Answer");
        await a.MessageAsync("ann@a.test", "Answer");

        await ShowsAsync(a, id, "Accepted", "Queued", "Routed", "Relayed");
        await ShowsAsync(b, id, "Accepted", "Delivered", "Filed");
        var (_, told, _) = await RealPrograms.RunAsync(ChildProgram.File, ["trace", id, "--verbose", "--data", a.DataDirectory]);
        Assert.Contains("C: RCPT TO:<bob@b.test>", told, StringComparison.Ordinal);
        Assert.Contains("mx.b.test", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_recipient_comes_back_as_a_report_to_the_senders_INBOX()
    {
        var (portA, portB) = (SmtpSink.FreePort(), SmtpSink.FreePort());
        await using var a = await InstanceAsync("a.test", portA, portB);
        await using var b = await InstanceAsync("b.test", portB, portA);
        await a.AddAccountAsync("ann@a.test", Password);
        await b.AddAccountAsync("bob@b.test", Password);

        var id = await SubmitAsync(a, "ann@a.test", "nobody@b.test", "To nobody");

        var report = await Eventually.GetAsync(async () =>
        {
            var account = await a.Accounts.FindAsync(Shared.Addressing.EnvelopeAddress.Parse("ann@a.test"), TestContext.Current.CancellationToken);
            var inbox = (await a.Mailboxes.ListAsync(account!.Id, TestContext.Current.CancellationToken))[0];
            var page = await a.Mailboxes.PageAsync(account.Id, inbox.Id, new(null, 0, 10), TestContext.Current.CancellationToken);
            return page.Messages.Count == 0 ? null : await a.Mailboxes.OpenAsync(account.Id, inbox.Id, page.Messages[0].Uid, TestContext.Current.CancellationToken);
        }, "a report in the INBOX of ann@a.test");
        await using var content = report.Content.OpenRead();
        var message = await MimeMessage.LoadAsync(content, TestContext.Current.CancellationToken);
        var parts = Assert.IsType<MultipartReport>(message.Body);
        Assert.Equal("delivery-status", parts.ReportType);
        var status = Assert.IsType<MessageDeliveryStatus>(parts[1]).StatusGroups[1];
        Assert.Equal("failed", status["Action"]);
        Assert.Equal("5.1.1", status["Status"]);
        Assert.Contains("nobody@b.test", status["Final-Recipient"], StringComparison.Ordinal);
        Assert.Equal("<>", message.Headers[HeaderId.ReturnPath]);

        await ShowsAsync(a, id, "Queued", "Bounced");
    }

    [Fact]
    public async Task What_another_host_reports_stands_on_the_journey_of_the_message()
    {
        var (portA, portB) = (SmtpSink.FreePort(), SmtpSink.FreePort());
        await using var a = await InstanceAsync("a.test", portA, portB);
        await using var b = await ProgramUnderTest.ServerAsync("b.test",
            ("MAILSUITE_Smtp__Port", $"{portB}"), ("MAILSUITE_Relay__Port", $"{portA}"), ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()), ("MAILSUITE_Aliases", """{ "bob@b.test": "gone@nosuch.test" }"""));
        await a.AddAccountAsync("ann@a.test", Password);

        var id = await SubmitAsync(a, "ann@a.test", "bob@b.test", "Onward");

        await ShowsAsync(a, id, "Accepted", "Relayed", "Heard");
        var (_, told, _) = await RealPrograms.RunAsync(ChildProgram.File, ["trace", id, "--verbose", "--data", a.DataDirectory]);
        Assert.Contains("mx.b.test reported: failed for bob@b.test (5.1.2).", told, StringComparison.Ordinal);
    }

    private Task<ProgramUnderTest> InstanceAsync(string domain, int port, int otherPort) => ProgramUnderTest.ServerAsync(domain,
        ("MAILSUITE_Smtp__Port", $"{port}"), ("MAILSUITE_Relay__Port", $"{otherPort}"), ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()));

    private static async Task<string> SubmitAsync(ProgramUnderTest suite, string from, string to, string subject)
    {
        var message = new MimeMessage([MailboxAddress.Parse(from)], [MailboxAddress.Parse(to)], subject, new TextPart("plain") { Text = "Hello." }) { MessageId = MimeUtils.GenerateMessageId("test.example") };
        using var client = new SmtpClient();
        client.ServerCertificateValidationCallback = static (_, _, _, _) => true;
        await client.ConnectAsync("127.0.0.1", suite.EndPoint(EndpointKind.SubmissionTls).Port, SecureSocketOptions.SslOnConnect, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync(from, Password, TestContext.Current.CancellationToken);
        await client.SendAsync(message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);
        return message.MessageId;
    }

    /// <summary>Waits until the journey, as the command line tells it, has these steps in this order.</summary>
    private static Task ShowsAsync(ProgramUnderTest suite, string messageId, params string[] steps) => Eventually.HoldsAsync(async () =>
    {
        var (code, output, _) = await RealPrograms.RunAsync(ChildProgram.File, ["trace", messageId, "--json", "--data", suite.DataDirectory]);
        if (code != 0)
            return false;
        using var journeys = JsonDocument.Parse(output);
        var seen = journeys.RootElement[0].GetProperty("events").EnumerateArray().Select(step => step.GetProperty("step").GetString()!).ToList();
        var position = 0;
        return steps.All(step => (position = seen.IndexOf(step, position) + 1) > 0);
    }, $"the journey of {messageId} on {suite.Program.Settings.HostName} to have {string.Join(", ", steps)}");
}
