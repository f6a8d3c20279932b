using System.Net;
using System.Text;
using System.Text.Json;
using MailSuite.Mua.Api;
using MailSuite.Mua.Cli;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mua.Tests.Api;

/// <summary>What the API of the queue refuses; what it does is tested with the whole program.</summary>
public sealed class QueueApiTests
{
    [Theory]
    [InlineData("list", "")]
    [InlineData("list", "null")]
    [InlineData("list", "{")]
    [InlineData("list", """{"filter":{"states":["Gone"]}}""")]
    [InlineData("list", """{"page":{"limit":0}}""")]
    [InlineData("list", """{"page":{"limit":1001}}""")]
    [InlineData("list", """{"page":{"limit":1,"maxRecipients":0}}""")]
    [InlineData("list", """{"page":{"limit":1,"maxRecipients":1001}}""")]
    [InlineData("stats", "[]")]
    [InlineData("done", """{"page":{"limit":1001}}""")]
    [InlineData("orders", "{}")]
    [InlineData("orders", """{"order":{"action":"Hold","by":"ann"}}""")]
    [InlineData("orders", """{"filter":{}}""")]
    [InlineData("orders", """{"order":{"action":"Explode","by":"ann"},"filter":{}}""")]
    [InlineData("orders", """{"order":{"action":"Drop","by":"ann"},"filter":{"recipent":"bob@one.test"}}""")]
    [InlineData("orders", """{"order":{"action":"Drop","by":"ann"},"filter":{"ids":null}}""")]
    [InlineData("suppressions", """{"address":"nobody"}""")]
    [InlineData("suppressions", "{")]
    public async Task Refuses_what_is_no_request(string path, string body)
    {
        await using var scene = await WebScene.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await scene.ApiAsync(HttpMethod.Post, $"/api/v1/queue/{path}", content: content)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "suppressions?limit=1001")]
    [InlineData("GET", "suppressions?limit=0")]
    [InlineData("DELETE", "suppressions/nobody")]
    public async Task Refuses_what_is_out_of_bounds(string method, string path)
    {
        await using var scene = await WebScene.StartAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await scene.ApiAsync(new HttpMethod(method), $"/api/v1/queue/{path}")).StatusCode);
    }

    [Fact]
    public async Task Takes_a_filter_as_the_command_line_writes_it()
    {
        await using var scene = await WebScene.StartAsync();
        var query = new QueueListQuery(new QueueFilter { Domain = "one.test" }, new QueuePageRequest());
        using var content = new StringContent(JsonSerializer.Serialize(query, CliJson.Default.QueueListQuery), Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.OK, (await scene.ApiAsync(HttpMethod.Post, "/api/v1/queue/list", content: content)).StatusCode);
    }

    [Fact]
    public async Task Adds_lists_and_removes_addresses_to_which_nothing_is_sent()
    {
        await using var scene = await WebScene.StartAsync();
        foreach (var address in new[] { "bob@one.test", "carol@two.test" })
        {
            using var content = new StringContent($$"""{"address":"{{address}}","reason":"Gone"}""", Encoding.UTF8, "application/json");
            Assert.Equal(HttpStatusCode.OK, (await scene.ApiAsync(HttpMethod.Post, "/api/v1/queue/suppressions", content: content)).StatusCode);
        }

        Assert.Contains("carol@two.test", await (await scene.ApiAsync(HttpMethod.Get, "/api/v1/queue/suppressions?limit=1&after=bob@one.test")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await scene.ApiAsync(HttpMethod.Delete, "/api/v1/queue/suppressions/bob@one.test")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await scene.ApiAsync(HttpMethod.Delete, "/api/v1/queue/suppressions/bob@one.test")).StatusCode);
        Assert.Equal(["carol@two.test"], scene.Suppressions.Addresses);
        Assert.Equal(HttpStatusCode.OK, (await scene.ApiAsync(HttpMethod.Delete, "/api/v1/queue/suppressions")).StatusCode);
        Assert.Empty(scene.Suppressions.Addresses);
    }

    [Theory]
    [InlineData("POST", "list")]
    [InlineData("POST", "orders")]
    [InlineData("GET", "messages/1M864WF3GCGN4TCB")]
    [InlineData("DELETE", "suppressions")]
    public async Task Asks_for_the_token(string method, string path)
    {
        await using var scene = await WebScene.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.ApiAsync(new HttpMethod(method), $"/api/v1/queue/{path}", token: "wrong")).StatusCode);
    }
}
