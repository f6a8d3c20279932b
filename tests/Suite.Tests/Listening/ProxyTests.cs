using System.Net.Sockets;
using System.Text;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Listening;

/// <summary>Listeners behind a proxy: what it says of the client is what the session knows.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("1", "TCP4", "192.0.2.33", "[192.0.2.33]")]
    [InlineData("2", "AF_INET", "192.0.2.33", "[192.0.2.33]")]
    [InlineData("1", "TCP6", "2001:db8::33", "[IPv6:2001:db8::33]")]
    [InlineData("2", "AF_INET6", "2001:db8::33", "[IPv6:2001:db8::33]")]
    public async Task Swaks_tells_the_true_client_and_Received_has_it(string version, string family, string source, string literal)
    {
        var swaks = RealPrograms.Find("swaks");
        await using var suite = await BehindProxyAsync();
        await suite.AddAccountAsync("bob@example.org", "correct horse");
        var (code, output, error) = await RealPrograms.RunAsync(swaks,
        [
            "--server", suite.EndPoint(EndpointKind.Smtp).ToString(), "--from", "ann@example.net", "--to", "bob@example.org", "--header", "Subject: Proxied", "--body", "Hello.",
            "--proxy-version", version, "--proxy-family", family, "--proxy-source", source, "--proxy-source-port", "40123", "--proxy-dest", source, "--proxy-dest-port", "25",
            .. version == "2" ? ["--proxy-protocol", "STREAM", "--proxy-command", "PROXY"] : Array.Empty<string>(),
        ]);
        Assert.True(code == 0, output + error);
        var text = await ProgramUnderTest.TextOfAsync(await suite.MessageAsync("bob@example.org", "Proxied"));
        Assert.Contains(literal, text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", text[..text.IndexOf("Date:", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_header_comes_before_TLS()
    {
        await using var suite = await BehindProxyAsync(("MAILSUITE_SubmissionTls__Proxy", "true"), ("MAILSUITE_SubmissionTls__ProxyFrom", "127.0.0.1"));
        using var connection = new TcpClient();
        await connection.ConnectAsync(suite.EndPoint(EndpointKind.SubmissionTls), TestContext.Current.CancellationToken);
        await connection.GetStream().WriteAsync("PROXY TCP4 192.0.2.1 198.51.100.2 56324 465\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await using var tls = new System.Net.Security.SslStream(connection.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        using var reader = new StreamReader(tls);
        Assert.StartsWith("220 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EHLO client.example.net\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 65536\r\n")]
    public async Task What_is_no_header_closes_the_connection_without_a_word(string said)
    {
        await using var suite = await BehindProxyAsync();
        Assert.Equal("", await AnswerAsync(suite, said));
    }

    [Fact]
    public async Task Nobody_but_the_proxies_is_heard()
    {
        await using var suite = await BehindProxyAsync(("MAILSUITE_Smtp__ProxyFrom", "192.0.2.0/24,2001:db8::1"));
        Assert.Equal("", await AnswerAsync(suite, "PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n"));
    }

    [Fact]
    public async Task A_proxy_that_speaks_for_itself_is_greeted_too()
    {
        await using var suite = await BehindProxyAsync();
        Assert.StartsWith("220 ", await AnswerAsync(suite, "PROXY UNKNOWN\r\nQUIT\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_count_the_true_client_and_not_the_proxy()
    {
        await using var suite = await BehindProxyAsync(("MAILSUITE_Mta__MaxSessionsPerAddress", "1"));
        using var first = await GreetedAsync(suite, "192.0.2.1");
        using var other = await GreetedAsync(suite, "192.0.2.2");
        Assert.StartsWith("421 ", await AnswerAsync(suite, "PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n"), StringComparison.Ordinal);
    }

    private static Task<ProgramUnderTest> BehindProxyAsync(params (string, string)[] settings) => ProgramUnderTest.ServerAsync("example.org",
    [
        ("MAILSUITE_Smtp__Proxy", "true"), ("MAILSUITE_Smtp__ProxyFrom", "127.0.0.1"), .. settings,
    ]);

    private static async Task<TcpClient> GreetedAsync(ProgramUnderTest suite, string source)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(suite.EndPoint(EndpointKind.Smtp), TestContext.Current.CancellationToken);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"PROXY TCP4 {source} 198.51.100.2 56324 25\r\n"), TestContext.Current.CancellationToken);
        var reader = new StreamReader(connection.GetStream(), leaveOpen: true);
        Assert.StartsWith("220 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        return connection;
    }

    /// <summary>Everything that the server says until it closes.</summary>
    private static async Task<string> AnswerAsync(ProgramUnderTest suite, string said)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(suite.EndPoint(EndpointKind.Smtp), TestContext.Current.CancellationToken);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(said), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(connection.GetStream());
        try
        {
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Closed on octets that nobody read: a reset.
            return "";
        }
    }
}
