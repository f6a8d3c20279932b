using System.Net;
using System.Text.Json;
using MailSuite.Host.CommandLine;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.CommandLine;

public sealed class RouteCommandTests : IAsyncLifetime
{
    private readonly FakeDnsServer _dns = new FakeDnsServer()
        .Mx("there.example", 20, "b.there.example").Mx("there.example", 10, "a.there.example").Mx("never.example", 0, "")
        .Address("a.there.example", IPAddress.Parse("192.0.2.1")).Address("a.there.example", IPAddress.Parse("2001:db8::1"));

    private readonly TempDirectory _directory = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Tells_the_MX_with_their_addresses_and_the_fallback()
    {
        var (code, output, _) = await RouteAsync("bob@there.example");

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal("""
            MX 10 a.there.example, 20 b.there.example
              a.there.example:25  2001:db8::1 192.0.2.1
              b.there.example:25  It has no address.
              SMTP, TLS where it is offered, with any certificate

            After 3 failed attempts:
            Relay:Fallback takes it after 3 failed attempts: smtp.provider.example.
              smtp.provider.example:587  It has no address.
              SMTP, TLS always, with a certificate for the host's name, signed in as ann

            """.ReplaceLineEndings(), output);
    }

    [Fact]
    public async Task Tells_the_rule_that_the_sender_makes_and_no_password()
    {
        var (code, output, error) = await RouteAsync("bob@there.example", "--from", "news@example.org", "--json");

        Assert.Equal(ExitCodes.Ok, code);
        Assert.DoesNotContain("hidden", output + error, StringComparison.Ordinal);
        var first = JsonDocument.Parse(output).RootElement.GetProperty("first");
        Assert.Equal(("Tried", "provider", "ann"), (first.GetProperty("outcome").GetString(), first.GetProperty("transport").GetString(), first.GetProperty("userName").GetString()));
        Assert.Equal("Relay:Routes[0] sends it by provider: smtp.provider.example.", first.GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("never.example", ExitCodes.Failed, "It would come back to its sender (5.1.10).")]
    [InlineData("bob@nosuch.example", ExitCodes.Failed, "It would come back to its sender (5.1.2).")]
    [InlineData("bob@trouble.example", ExitCodes.TryAgain, "It would wait (4.4.3).")]
    [InlineData("bob@example.org", ExitCodes.Ok, "The mailboxes of example.org are here")]
    [InlineData("info@example.org", ExitCodes.Ok, "info@example.org is an alias of this host: its mail goes to bob@there.example.")]
    [InlineData("b o b", ExitCodes.Usage, "")]
    public async Task Tells_why_mail_goes_nowhere(string address, int exit, string told)
    {
        _dns.Trouble("trouble.example", DnsTrouble.ServFail);
        var (code, output, _) = await RouteAsync(address);

        Assert.Equal(exit, code);
        Assert.Contains(told, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_in_JSON_too_that_mail_does_not_leave()
    {
        var (_, output, _) = await RouteAsync("bob@example.org", "--json");

        Assert.StartsWith("The mailboxes of example.org are here", JsonDocument.Parse(output).RootElement.GetProperty("here").GetString(), StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> RouteAsync(params string[] arguments)
    {
        var file = _directory.File("mailsuite.json");
        await File.WriteAllTextAsync(file, $$"""
            {
              "HostName": "mail.example.org", "Domains": ["example.org"], "DataDirectory": "/nowhere", "Aliases": { "info@example.org": ["bob@there.example"] },
              "Relay": {
                "DnsServers": ["{{_dns.EndPoint}}"], "DnsTimeout": "1 s", "Fallback": "provider",
                "Transports": { "provider": { "Hosts": ["smtp.provider.example"], "UserName": "ann", "Password": "hidden" } },
                "Routes": [{ "From": ["news@example.org"], "Via": "provider" }]
              }
            }
            """, TestContext.Current.CancellationToken);
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await MailSuiteCommand.RunAsync(["route", .. arguments, "--config", file], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
