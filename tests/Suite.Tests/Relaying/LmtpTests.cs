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
}
