using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>Reports as somebody else's parser reads them: Python's.</summary>
public sealed class ReportTests : IAsyncDisposable
{
    private const string Script = """
        import sys, email, email.policy
        sys.stdout.reconfigure(encoding='utf-8')
        m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.SMTPUTF8)
        print(m.get_content_type(), m.get_param('report-type'), m['Auto-Submitted'], m['Return-Path'], m['In-Reply-To'], sep='|')
        print(m['Subject'])
        parts = list(m.iter_parts())
        print([p.get_content_type() for p in parts])
        status = parts[1].get_payload() if parts[1].get_content_type() == 'message/delivery-status' else []
        for group in status:
            for name in ('Reporting-MTA', 'Original-Recipient', 'Final-Recipient', 'Action', 'Status'):
                if group[name]: print(name + '=' + str(group[name]))
        print(len(m.defects) + sum(len(p.defects) for p in parts))
        """;

    private readonly FakeDnsServer _dns = new();

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task A_report_is_read_by_Python_without_a_defect()
    {
        var python = RealPrograms.Find("python3");
        await using var suite = await ProgramUnderTest.ServerAsync("a.test",
            ("MAILSUITE_Smtp__Port", $"{SmtpSink.FreePort()}"), ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()), ("MAILSUITE_Aliases", """{ "all@a.test": ["ann@a.test", "bob@nosuch.test"] }"""));
        await suite.AddAccountAsync("ann@a.test", "correct horse battery");

        using (var talk = await SmtpTalk.ConnectAsync(suite.EndPoint(Host.Configuration.EndpointKind.Smtp).Port))
        {
            await talk.SayAsync("EHLO client.c.test");
            await talk.SayAsync("MAIL FROM:<ann@a.test>");
            Assert.StartsWith("250", await talk.SayAsync("RCPT TO:<all@a.test>"), StringComparison.Ordinal);
            await talk.SayAsync("DATA");
            Assert.StartsWith("250", await talk.SayAsync("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <one@c.test>\r\n\r\nHello.\r\n."), StringComparison.Ordinal);
        }

        var report = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("ann@a.test", "Not delivered to"));
        var (code, output, error) = await RealPrograms.RunAsync(python, ["-c", Script], report);
        Assert.True(code == 0, error);
        Assert.Equal(
            [
                "multipart/report|delivery-status|auto-replied|<>|<one@c.test>", "Not delivered to bob@nosuch.test: Grüße", "['text/plain', 'message/delivery-status', 'text/rfc822-headers']",
                "Reporting-MTA=dns; mx.a.test", "Original-Recipient=rfc822; all@a.test", "Final-Recipient=rfc822; bob@nosuch.test", "Action=failed", "Status=5.1.2", "0",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
