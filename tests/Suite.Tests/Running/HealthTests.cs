using System.Net;
using System.Text.Json;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Running;

public sealed class HealthTests
{
    [Fact]
    public async Task Is_ready_when_every_module_is()
    {
        await using var suite = await ProgramUnderTest.DevelopmentAsync();
        using var http = Client(suite);
        Assert.Equal("ok\n", await http.GetStringAsync(new Uri("/livez", UriKind.Relative), TestContext.Current.CancellationToken));
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.True(answer.RootElement.GetProperty("ready").GetBoolean());
        Assert.Equal(3, answer.RootElement.GetProperty("checks").GetArrayLength());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Answers_over_TLS_in_every_version_of_HTTP_in_the_server_profile(string version)
    {
        await using var suite = await ProgramUnderTest.ServerAsync("example.org");
        using var http = Client(suite);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/livez") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Uri.UriSchemeHttps, suite.Program.Web.Scheme);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_API_answers_nobody_without_the_token()
    {
        await using var suite = await ProgramUnderTest.DevelopmentAsync();
        using var http = Client(suite);
        using var response = await http.GetAsync(new Uri("/api/v1/accounts/ann%40example.org/mailboxes", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static HttpClient Client(ProgramUnderTest suite)
    {
        var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // The certificate is the program's own.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return new HttpClient(handler) { BaseAddress = suite.Program.Web };
    }
}
