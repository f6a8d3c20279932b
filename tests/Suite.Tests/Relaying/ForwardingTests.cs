using System.Net;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using MimeKit;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>Aliases that lead to another instance of the program.</summary>
public sealed class ForwardingTests : IAsyncDisposable
{
    private const string Password = "correct horse battery";

    private readonly FakeDnsServer _dns = new FakeDnsServer()
        .Mx("a.test", 10, "mx.a.test").Address("mx.a.test", IPAddress.Loopback)
        .Mx("b.test", 10, "mx.b.test").Address("mx.b.test", IPAddress.Loopback);

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task A_strangers_message_to_an_alias_reaches_the_mailbox_here_and_the_one_elsewhere_under_an_address_of_ours()
    {
        var (portA, portB) = (SmtpSink.FreePort(), SmtpSink.FreePort());
        await using var a = await InstanceAsync("a.test", portA, portB, """{ "all@a.test": ["ann@a.test", "bob@b.test"], "bob@a.test": "bob@b.test" }""", ("MAILSUITE_Moved", """{ "old@a.test": "bob@b.test" }"""));
        await using var b = await InstanceAsync("b.test", portB, portA, "{}");
        await a.AddAccountAsync("ann@a.test", Password);
        await b.AddAccountAsync("bob@b.test", Password);

        using var talk = await SmtpTalk.ConnectAsync(portA);
        await talk.SayAsync("EHLO client.c.test");
        await talk.SayAsync("MAIL FROM:<carol@c.test>");
        Assert.Equal("551 5.1.6 User not local; please try <bob@b.test>", await talk.SayAsync("RCPT TO:<old@a.test>"));
        Assert.StartsWith("550 5.7.1", await talk.SayAsync("RCPT TO:<bob@b.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5", await talk.SayAsync("RCPT TO:<all@a.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5", await talk.SayAsync("RCPT TO:<bob@a.test>"), StringComparison.Ordinal);
        await talk.SayAsync("DATA");
        Assert.StartsWith("250", await talk.SayAsync("Subject: To all\r\n\r\nHello.\r\n."), StringComparison.Ordinal);

        await a.MessageAsync("ann@a.test", "To all");
        var text = await ProgramUnderTest.TextOfAsync(await b.MessageAsync("bob@b.test", "To all"));
        Assert.Matches("^Return-Path: <SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=c.test=carol@a.test>\r\nDelivered-To: bob@b.test\r\nReceived: from mx.a.test", text);
        Assert.Contains("\r\nDelivered-To: all@a.test\r\nReceived: from client.c.test", text, StringComparison.Ordinal);
        var bob = await b.Accounts.FindAsync(Shared.Addressing.EnvelopeAddress.Parse("bob@b.test"), TestContext.Current.CancellationToken);
        Assert.Equal(1, (await b.Mailboxes.ListAsync(bob!.Id, TestContext.Current.CancellationToken))[0].Messages);
    }

    [Fact]
    public async Task Aliases_that_lead_to_each_other_end_in_a_report()
    {
        var (portA, portB) = (SmtpSink.FreePort(), SmtpSink.FreePort());
        await using var a = await InstanceAsync("a.test", portA, portB, """{ "loop@a.test": "loop@b.test" }""", ("MAILSUITE_Mta__MaxReceivedFields", "6"));
        await using var b = await InstanceAsync("b.test", portB, portA, """{ "loop@b.test": "loop@a.test" }""", ("MAILSUITE_Mta__MaxReceivedFields", "6"));
        await a.AddAccountAsync("ann@a.test", Password);

        using (var client = new SmtpClient())
        {
            client.ServerCertificateValidationCallback = static (_, _, _, _) => true;
            await client.ConnectAsync("127.0.0.1", a.EndPoint(EndpointKind.SubmissionTls).Port, SecureSocketOptions.SslOnConnect, TestContext.Current.CancellationToken);
            await client.AuthenticateAsync("ann@a.test", Password, TestContext.Current.CancellationToken);
            await client.SendAsync(new MimeMessage([MailboxAddress.Parse("ann@a.test")], [MailboxAddress.Parse("loop@b.test")], "Round", new TextPart("plain") { Text = "Hello." }), TestContext.Current.CancellationToken);
        }

        var report = await Eventually.GetAsync(async () =>
        {
            var account = await a.Accounts.FindAsync(Shared.Addressing.EnvelopeAddress.Parse("ann@a.test"), TestContext.Current.CancellationToken);
            var inbox = (await a.Mailboxes.ListAsync(account!.Id, TestContext.Current.CancellationToken))[0];
            var page = await a.Mailboxes.PageAsync(account.Id, inbox.Id, new(null, 0, 10), TestContext.Current.CancellationToken);
            return page.Messages.Count == 0 ? null : await a.Mailboxes.OpenAsync(account.Id, inbox.Id, page.Messages[0].Uid, TestContext.Current.CancellationToken);
        }, "a report in the INBOX of ann@a.test");
        await using var content = report.Content.OpenRead();
        var message = await MimeMessage.LoadAsync(content, TestContext.Current.CancellationToken);
        var status = Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>(message.Body)[1]).StatusGroups[1];
        Assert.Equal(("failed", "5.4.6"), (status["Action"], status["Status"]));
    }

    /// <summary>Two forwarders, and a failure behind the second: SRS1 at the second, SRS0 at the first, and the sender.</summary>
    [Fact]
    public async Task A_failure_behind_two_forwarders_is_reported_to_the_sender_by_the_way_back()
    {
        var port = SmtpSink.FreePort();
        await using var dns = new FakeDnsServer();
        foreach (var (domain, address) in new[] { ("a.test", "127.0.0.2"), ("b.test", "127.0.0.3"), ("c.test", "127.0.0.4") })
            dns.Mx(domain, 10, $"mx.{domain}").Address($"mx.{domain}", IPAddress.Parse(address));
        await using var a = await AtAsync("a.test", "127.0.0.2", """{ "bob@a.test": "bob@b.test" }""");
        await using var b = await AtAsync("b.test", "127.0.0.3", """{ "bob@b.test": "gone@nosuch.test" }""");
        await using var c = await AtAsync("c.test", "127.0.0.4", "{}");
        await c.AddAccountAsync("carol@c.test", Password);

        using (var client = new SmtpClient())
        {
            client.ServerCertificateValidationCallback = static (_, _, _, _) => true;
            await client.ConnectAsync("127.0.0.1", c.EndPoint(EndpointKind.SubmissionTls).Port, SecureSocketOptions.SslOnConnect, TestContext.Current.CancellationToken);
            await client.AuthenticateAsync("carol@c.test", Password, TestContext.Current.CancellationToken);
            await client.SendAsync(new MimeMessage([MailboxAddress.Parse("carol@c.test")], [MailboxAddress.Parse("bob@a.test")], "Onward", new TextPart("plain") { Text = "Hello." }), TestContext.Current.CancellationToken);
        }

        var report = await ProgramUnderTest.TextOfAsync(await c.MessageAsync("carol@c.test", "Not delivered to gone@nosuch.test: Onward"));
        Assert.StartsWith("Return-Path: <>\r\nDelivered-To: carol@c.test\r\n", report, StringComparison.Ordinal);
        Assert.Contains("Delivered-To: SRS0=", report, StringComparison.Ordinal);
        Assert.Contains("Reporting-MTA: dns; mx.b.test", report, StringComparison.Ordinal);
        Assert.Contains("Original-Recipient: rfc822; bob@a.test", report, StringComparison.Ordinal);

        Task<ProgramUnderTest> AtAsync(string domain, string address, string aliases) => ProgramUnderTest.ServerAsync(domain,
            ("MAILSUITE_Smtp__Port", $"{port}"), ("MAILSUITE_Smtp__Addresses", address), ("MAILSUITE_Relay__Port", $"{port}"), ("MAILSUITE_Relay__DnsServers", dns.EndPoint.ToString()), ("MAILSUITE_Aliases", aliases));
    }

    private Task<ProgramUnderTest> InstanceAsync(string domain, int port, int otherPort, string aliases, params (string Name, string Value)[] settings) => ProgramUnderTest.ServerAsync(domain,
        [("MAILSUITE_Smtp__Port", $"{port}"), ("MAILSUITE_Relay__Port", $"{otherPort}"), ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()), ("MAILSUITE_Aliases", aliases), .. settings]);
}
