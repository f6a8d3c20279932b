using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>
/// The example of RFC 821 (§3.1) between whole instances: Smith at Alpha.ARPA sends to Jones, Green and Brown at Beta.ARPA, where Green has no mailbox.
/// Each host has its own address of loopback, all one port.
/// </summary>
public sealed class Rfc821ExampleTests : IAsyncDisposable
{
    private const string Password = "correct horse battery";
    private const string Alpha = "127.0.0.2";
    private const string Beta = "127.0.0.3";
    private const string Relay = "127.0.0.4";

    private readonly int _port = SmtpSink.FreePort();
    private readonly FakeDnsServer _dns = Hosts(beta: "beta.arpa");

    /// <summary>What Alpha is told where Beta is reached over the relay.</summary>
    private readonly FakeDnsServer _dnsByRelay = Hosts(beta: "relay.arpa");

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        await _dnsByRelay.DisposeAsync();
    }

    [Theory]
    [InlineData("Ignored")]
    [InlineData("Rfc821")]
    public async Task Between_two_hosts_Alpha_is_told_in_session_that_Green_has_no_mailbox(string sourceRoutes)
    {
        await using var alpha = await InstanceAsync("alpha.arpa", Alpha, _dns, sourceRoutes);
        await using var beta = await InstanceAsync("beta.arpa", Beta, _dns, sourceRoutes);
        await AddAccountsAsync(alpha, beta);

        await SubmitAsync(alpha, "direct", route: "");

        await JonesAndBrownHaveItAsync(beta, "direct", "<Smith@alpha.arpa>");
        var report = await ReportAsync(alpha);
        Assert.Contains("Reporting-MTA: dns; alpha.arpa", report, StringComparison.Ordinal);
        await TellsAsync(alpha, "direct", "C: MAIL FROM:<Smith@alpha.arpa>", "C: RCPT TO:<Jones@beta.arpa>", "C: RCPT TO:<Green@beta.arpa>", "S: 550 5.1.1", "C: RCPT TO:<Brown@beta.arpa>", "S: 354");
        await TellsAsync(beta, "direct", "S: 220 beta.arpa", "C: EHLO alpha.arpa", "C: RCPT TO:<Green@beta.arpa>", "S: 550 5.1.1");
    }

    [Theory]
    [InlineData("Ignored")]
    [InlineData("Rfc821")]
    public async Task Over_a_relay_Smith_gets_its_report(string sourceRoutes)
    {
        await using var alpha = await InstanceAsync("alpha.arpa", Alpha, _dnsByRelay, sourceRoutes);
        await using var relay = await InstanceAsync("relay.arpa", Relay, _dns, sourceRoutes, ("MAILSUITE_Mta__TurnDomains", """{ "beta.arpa": ["192.0.2.1", "mx"] }"""));
        await using var beta = await InstanceAsync("beta.arpa", Beta, _dns, sourceRoutes);
        await AddAccountsAsync(alpha, beta);

        await SubmitAsync(alpha, "by MX", route: "");

        await JonesAndBrownHaveItAsync(beta, "by MX", "<Smith@alpha.arpa>");
        Assert.Contains("Reporting-MTA: dns; relay.arpa", await ReportAsync(alpha), StringComparison.Ordinal);
        await TellsAsync(relay, "by MX", "C: RCPT TO:<Green@beta.arpa>", "S: 250 2.1.5", "S: 550 5.1.1");
    }

    /// <summary>RFC 821 §3.6: each host moves its own name from the forward-path to the reverse-path.</summary>
    [Fact]
    public async Task By_a_source_route_over_the_relay_the_report_comes_back_the_same_way()
    {
        await using var alpha = await InstanceAsync("alpha.arpa", Alpha, _dns, "Rfc821");
        await using var relay = await InstanceAsync("relay.arpa", Relay, _dns, "Rfc821", ("MAILSUITE_Mta__TurnDomains", """{ "beta.arpa": ["192.0.2.1", "mx"] }"""));
        await using var beta = await InstanceAsync("beta.arpa", Beta, _dns, "Rfc821");
        await AddAccountsAsync(alpha, beta);

        await SubmitAsync(alpha, "by route", route: "@alpha.arpa,@relay.arpa:");

        await JonesAndBrownHaveItAsync(beta, "by route", "<@relay.arpa,@alpha.arpa:Smith@alpha.arpa>");
        Assert.Contains("Reporting-MTA: dns; relay.arpa", await ReportAsync(alpha), StringComparison.Ordinal);
        await TellsAsync(alpha, "by route", "C: RCPT TO:<@alpha.arpa,@relay.arpa:Green@beta.arpa>", "C: MAIL FROM:<@alpha.arpa:Smith@alpha.arpa>", "C: RCPT TO:<@relay.arpa:Green@beta.arpa>");
        await TellsAsync(relay, "by route", "C: MAIL FROM:<@alpha.arpa:Smith@alpha.arpa>", "C: MAIL FROM:<@relay.arpa,@alpha.arpa:Smith@alpha.arpa>", "C: RCPT TO:<Green@beta.arpa>", "S: 550 5.1.1");
    }

    [Fact]
    public async Task A_source_route_that_is_ignored_leaves_the_way_to_the_MX()
    {
        await using var alpha = await InstanceAsync("alpha.arpa", Alpha, _dns, "Ignored");
        await using var beta = await InstanceAsync("beta.arpa", Beta, _dns, "Ignored");
        await AddAccountsAsync(alpha, beta);

        await SubmitAsync(alpha, "ignored", route: "@alpha.arpa,@relay.arpa:");

        await JonesAndBrownHaveItAsync(beta, "ignored", "<Smith@alpha.arpa>");
        await TellsAsync(alpha, "ignored", "C: MAIL FROM:<Smith@alpha.arpa>", "C: RCPT TO:<Green@beta.arpa>");
    }

    private static FakeDnsServer Hosts(string beta) => new FakeDnsServer()
        .Mx("alpha.arpa", 10, "alpha.arpa").Address("alpha.arpa", IPAddress.Parse(Alpha))
        .Mx("beta.arpa", 10, beta).Address("beta.arpa", IPAddress.Parse(Beta))
        .Mx("relay.arpa", 10, "relay.arpa").Address("relay.arpa", IPAddress.Parse(Relay));

    private Task<ProgramUnderTest> InstanceAsync(string host, string address, FakeDnsServer dns, string sourceRoutes, params (string, string)[] settings) => ProgramUnderTest.ServerAsync(host,
    [
        ("MAILSUITE_HostName", host), ("MAILSUITE_Smtp__Port", $"{_port}"), ("MAILSUITE_Smtp__Addresses", address), ("MAILSUITE_Relay__Port", $"{_port}"),
        ("MAILSUITE_Relay__DnsServers", dns.EndPoint.ToString()), ("MAILSUITE_Mta__SourceRoutes", sourceRoutes), .. settings,
    ]);

    private static async Task AddAccountsAsync(ProgramUnderTest alpha, ProgramUnderTest beta)
    {
        await alpha.AddAccountAsync("Smith@alpha.arpa", Password);
        await beta.AddAccountAsync("Jones@beta.arpa", Password);
        await beta.AddAccountAsync("Brown@beta.arpa", Password);
    }

    /// <summary>Smith hands the message to Alpha as a program of 1982 would, but for the password and the TLS around it.</summary>
    private static async Task SubmitAsync(ProgramUnderTest alpha, string subject, string route)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(alpha.EndPoint(EndpointKind.SubmissionTls), TestContext.Current.CancellationToken);
        await using var tls = new SslStream(connection.GetStream(), leaveInnerStreamOpen: true, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "alpha.arpa" }, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tls, Encoding.ASCII);
        await HearAsync("220");
        await SayAsync("EHLO smith.alpha.arpa", "250");
        await SayAsync($"AUTH PLAIN {Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0Smith@alpha.arpa\0{Password}"))}", "235");
        await SayAsync("MAIL FROM:<Smith@alpha.arpa>", "250");
        foreach (var name in new[] { "Jones", "Green", "Brown" })
            await SayAsync($"RCPT TO:<{route}{name}@beta.arpa>", "250");
        await SayAsync("DATA", "354");
        await SayAsync($"From: Smith@alpha.arpa\r\nSubject: {subject}\r\nMessage-ID: <{subject.Replace(' ', '.')}@alpha.arpa>\r\n\r\nBlah blah blah...\r\n...etc. etc. etc.\r\n.", "250");
        await SayAsync("QUIT", "221");

        async Task SayAsync(string line, string code)
        {
            await tls.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
            await HearAsync(code);
        }

        async Task HearAsync(string code)
        {
            string? line;
            do
            {
                line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
                Assert.StartsWith(code, line ?? "(the end)", StringComparison.Ordinal);
            }
            while (line![3] == '-');
        }
    }

    private static async Task JonesAndBrownHaveItAsync(ProgramUnderTest beta, string subject, string returnPath)
    {
        foreach (var name in new[] { "Jones", "Brown" })
        {
            var text = await ProgramUnderTest.TextOfAsync(await beta.MessageAsync($"{name}@beta.arpa", subject));
            Assert.StartsWith($"Return-Path: {returnPath}\r\n", text, StringComparison.Ordinal);
            Assert.EndsWith("Blah blah blah...\r\n..etc. etc. etc.\r\n", text, StringComparison.Ordinal);
        }
    }

    /// <summary>What Smith finds in the INBOX.</summary>
    private static async Task<string> ReportAsync(ProgramUnderTest alpha)
    {
        var text = await ProgramUnderTest.TextOfAsync(await alpha.MessageAsync("Smith@alpha.arpa", ""));
        Assert.StartsWith("Return-Path: <>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Green@beta.arpa", text, StringComparison.Ordinal);
        Assert.Contains("Status: 5.1.1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Jones@beta.arpa", text, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The journey on a host has these lines in this order.</summary>
    private static async Task TellsAsync(ProgramUnderTest host, string subject, params string[] lines)
    {
        var told = "";
        await Eventually.HoldsAsync(async () =>
        {
            (_, told, _) = await RealPrograms.RunAsync(ChildProgram.File, ["trace", $"{subject.Replace(' ', '.')}@alpha.arpa", "--verbose", "--data", host.DataDirectory]);
            var at = 0;
            return lines.All(line => (at = told.IndexOf(line, at, StringComparison.Ordinal) + 1) > 0);
        }, $"the journey on {host.Program.Settings.HostName} to have, in order, {string.Join(" | ", lines)}");
    }
}
