using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Clients;

public sealed class XclientTests
{
    [Fact]
    public async Task Swaks_speaks_for_another_client()
    {
        var swaks = RealPrograms.Find("swaks");
        await using var suite = await ProgramUnderTest.DevelopmentAsync(("MAILSUITE_Mta__XclientPeers", "127.0.0.0/8"));
        var (code, output, error) = await RealPrograms.RunAsync(swaks,
        [
            "--server", suite.EndPoint(EndpointKind.Smtp).ToString(), "--from", "ann@example.org", "--to", "bob@example.org", "--header", "Subject: For another", "--body", "Hello.",
            "--xclient-addr", "192.0.2.44", "--xclient-name", "there.example.net", "--xclient-helo", "helo.example.net",
        ]);
        Assert.True(code == 0, output + error);
        var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("bob@example.org", "For another"));
        Assert.Contains("Received: from helo.example.net (there.example.net [192.0.2.44])", text, StringComparison.Ordinal);
    }
}
