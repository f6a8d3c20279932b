using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>Other programs' LMTP clients deliver to the whole program (RFC 2033).</summary>
public sealed class LmtpTests
{
    private static readonly (string, string) Lmtp = ("MAILSUITE_Lmtp__Port", "0");

    [Fact]
    public async Task Hundreds_of_messages_of_Postfix_s_client_are_all_there()
    {
        const int Messages = 200;
        const int Recipients = 3;
        var source = RealPrograms.Find("smtp-source");
        await using var suite = await ProgramUnderTest.DevelopmentAsync(Lmtp);
        var (code, output, error) = await RealPrograms.RunAsync(source,
            ["-L", "-m", $"{Messages}", "-s", "10", "-r", $"{Recipients}", "-l", "5000", "-f", "ann@example.org", "-t", "bob@example.org", suite.EndPoint(EndpointKind.Lmtp).ToString()]);
        Assert.True(code == 0, output + error);

        // It gives the recipients of one message a number in front of the name.
        var accounts = await suite.Accounts.ListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Recipients, accounts.Count);
        foreach (var account in accounts)
            Assert.Equal(Messages, (await suite.Mailboxes.ListAsync(account.Id, TestContext.Current.CancellationToken))[0].Messages);
    }

    [Fact]
    public async Task Swaks_hears_each_recipient_answered()
    {
        var swaks = RealPrograms.Find("swaks");
        await using var suite = await ProgramUnderTest.ServerAsync("a.test", Lmtp);
        await suite.AddAccountAsync("ann@a.test", "correct horse battery");
        await suite.AddAccountAsync("bob@a.test", "correct horse battery");
        var (code, output, _) = await RealPrograms.RunAsync(swaks,
        [
            "--protocol", "LMTP", "--server", suite.EndPoint(EndpointKind.Lmtp).ToString(), "--from", "carol@example.net", "--to", "ann@a.test,nobody@a.test,bob@a.test,eve@example.org",
            "--header", "Subject: Over LMTP", "--body", "Hello.",
        ]);
        Assert.True(code == 0, output);
        Assert.Contains("<** 550 5.1.1", output, StringComparison.Ordinal);
        Assert.Contains("<** 550 5.7.1 LMTP", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split("<-  250 2.6.0 Accepted as").Length - 1);
        foreach (var recipient in new[] { "ann@a.test", "bob@a.test" })
        {
            var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync(recipient, "Over LMTP"));
            Assert.Contains("by mx.a.test with LMTP id", text, StringComparison.Ordinal);
        }
    }

    /// <summary>One message for three: each is told its own truth, so Postfix delivers the one, keeps trying for the one that is full, and returns the one that nobody has.</summary>
    [Fact]
    public async Task Postfix_hears_of_each_recipient_what_became_of_it()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("example.org", Lmtp, ("MAILSUITE_Lmtp__Addresses", "127.0.0.1"), ("MAILSUITE_Mda__QuotaMessages", "1"));
        foreach (var account in new[] { "ann@example.org", "full@example.org", "carol@example.org" })
            await suite.AddAccountAsync(account, "correct horse battery");
        using (var talk = await SmtpTalk.ConnectAsync(suite.EndPoint(EndpointKind.Smtp).Port))
        {
            await talk.BeginDataAsync("eve@example.net", "full@example.org");
            await talk.SendAsync("Subject: Before\r\n\r\nx\r\n.\r\n");
            Assert.StartsWith("250", await talk.ReplyAsync(), StringComparison.Ordinal);
        }

        await using var postfix = await PostfixClient.StartAsync(
            $"virtual_transport = lmtp:inet:127.0.0.1:{suite.EndPoint(EndpointKind.Lmtp).Port}", "virtual_mailbox_domains = example.org", "lmtp_tls_security_level = none");
        await postfix.SendAsync("carol@example.org", ["ann@example.org", "full@example.org", "nobody@example.org"], "From: carol@example.org\nSubject: By Postfix\n\nHello.\n");

        var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("ann@example.org", "By Postfix"));
        Assert.Contains("by mx.example.org with LMTP id", text, StringComparison.Ordinal);
        var report = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("carol@example.org", "Undelivered"));
        Assert.Contains("nobody@example.org", report, StringComparison.Ordinal);
        Assert.Contains("5.1.1", report, StringComparison.Ordinal);
        Assert.DoesNotContain("full@example.org", report, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => await postfix.QueueAsync() is var queue && queue.Contains("full@example.org", StringComparison.Ordinal) && queue.Contains("452 4.2.2", StringComparison.Ordinal), "the mail for the full mailbox waits at Postfix");
        Assert.Single(await suite.TextsAsync("full@example.org"));
    }
}
