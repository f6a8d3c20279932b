using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>swaks as a stranger, whom the server lets wait for its greeting.</summary>
public sealed class SwaksStrangerTests
{
    private static readonly (string, string)[] Waiting = [("MAILSUITE_Strictness__TrustedNetworks", "192.0.2.0/24"), ("MAILSUITE_Strictness__GreetDelay", "3 s")];

    [Fact]
    public async Task Loses_patience_before_the_greeting_or_has_it_and_delivers()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("example.org", Waiting);
        await suite.AddAccountAsync("bob@example.org", SharedServer.Password);
        (await Swaks.RunAsync(suite, EndpointKind.Smtp, "--to", "bob@example.org", "--timeout", "1s")).Ended(21, "<** Timeout (1 secs) waiting for server response");
        Assert.Empty(await suite.TextsAsync("bob@example.org"));
        (await Swaks.RunAsync(suite, EndpointKind.Smtp, "--to", "bob@example.org", "--timeout", "0")).Ended(0, "<-  250 2.6.0", "<-  221 2.0.0");
        Assert.Single(await suite.TextsAsync("bob@example.org"));
    }

    [Fact]
    public async Task Sends_a_PROXY_header_unasked_and_is_cut_off()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("example.org", Waiting);
        await suite.AddAccountAsync("bob@example.org", SharedServer.Password);
        (await Swaks.RunAsync(suite, EndpointKind.Smtp, "--to", "bob@example.org", "--proxy", "TCP4 192.0.2.33 192.0.2.1 40123 25")).Ended(21, "<** 554 5.5.1");
        Assert.Empty(await suite.TextsAsync("bob@example.org"));
    }

    [Fact]
    public async Task Sends_no_PROXY_header_where_one_is_due_and_hears_nothing()
    {
        await using var suite = await ProgramUnderTest.ServerAsync("example.org", ("MAILSUITE_Smtp__Proxy", "true"), ("MAILSUITE_Smtp__ProxyFrom", "127.0.0.1"));
        (await Swaks.RunAsync(suite, EndpointKind.Smtp, "--to", "bob@example.org", "--timeout", "1s")).Ended(21, "<** Timeout (1 secs) waiting for server response");
    }
}
