using System.Net;
using System.Text.Json;
using MailSuite.Host.CommandLine;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.CommandLine;

/// <summary><c>mailsuite webhooks</c> on a running program, and a notice of mail that it relays.</summary>
public sealed class WebhookCommandTests
{
    private const string Key = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    [Fact]
    public async Task Try_a_receiver_and_tell_how_it_goes_with_each()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var dns = new FakeDnsServer().Mx("away.test", 10, "mx.away.test").Address("mx.away.test", IPAddress.Loopback);
        await using var peer = new SmtpPeer();
        await using var program = await ProgramUnderTest.ServerAsync("here.test",
            ("MAILSUITE_Webhooks__app__Url", receiver.Url.ToString()), ("MAILSUITE_Webhooks__app__Secret", Key), ("MAILSUITE_Webhooks__app__Events", "delivered"),
            ("MAILSUITE_Relay__DnsServers", dns.EndPoint.ToString()!), ("MAILSUITE_Relay__Port", peer.EndPoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await program.AddAccountAsync("ann@here.test", "correct horse battery");

        var (code, output, _) = await RunAsync(program, "webhooks", "test", "app");
        Assert.Equal((0, "app has taken the sample. HTTP 204"), (code, output.Trim()));
        Assert.True(receiver.Posts[0].IsSigned);

        (code, _, var error) = await RunAsync(program, "webhooks", "test", "nobody");
        Assert.Equal(1, code);
        Assert.Contains("no webhook “nobody”", error, StringComparison.Ordinal);

        (code, _, error) = await RunAsync(program, "send", "--from", "ann@here.test", "--to", "bob@away.test", "--subject", "Hello", "--body", "x");
        Assert.True(code == 0, error);
        await Eventually.HoldsAsync(() => Task.FromResult(receiver.Taken.Any(post => post.Event == "delivered")), "a notice of delivery");
        Assert.Equal("bob@away.test", receiver.Posts[^1].Json.GetProperty("recipient").GetString());

        receiver.Answer = (_, _) => 503;
        (code, _, error) = await RunAsync(program, "webhooks", "test", "app");
        Assert.Equal(1, code);
        Assert.Contains("app has not taken the sample. HTTP 503 answer 503", error, StringComparison.Ordinal);

        (_, output, _) = await RunAsync(program, "webhooks", "list");
        Assert.Contains($"app  http://127.0.0.1:{receiver.Url.Port}  delivered", output, StringComparison.Ordinal);
        Assert.Contains("ready; 0 waiting, 1 posted, 0 lost since the start", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync(program, "webhooks", "list", "--json");
        Assert.Equal(1, JsonDocument.Parse(output).RootElement[0].GetProperty("posted").GetInt64());
    }

    [Fact]
    public async Task Say_that_there_are_none()
    {
        await using var program = await ProgramUnderTest.DevelopmentAsync();
        var (code, output, _) = await RunAsync(program, "webhooks", "list");
        Assert.Equal((0, "The settings have no webhooks."), (code, output.Trim()));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(ProgramUnderTest program, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await MailSuiteCommand.RunAsync([.. arguments, "--data", program.DataDirectory], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
