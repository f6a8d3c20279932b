using System.Net;
using System.Net.Http.Json;
using MailSuite.Mua.Api;
using MailSuite.Mua.Tests.Support;

namespace MailSuite.Mua.Tests.Api;

public sealed class ClockApiTests
{
    [Fact]
    public async Task Shows_the_clock_puts_it_ahead_and_brings_it_back()
    {
        await using var scene = await WebScene.StartAsync();
        Assert.Equal(0, (await ReadAsync(await scene.ApiAsync(HttpMethod.Get, "/api/v1/clock"))).ShiftSeconds);
        Assert.Equal(4 * 3600, (await ReadAsync(await scene.ApiAsync(HttpMethod.Post, "/api/v1/clock/shift?by=%2B4h"))).ShiftSeconds);
        var ahead = await ReadAsync(await scene.ApiAsync(HttpMethod.Post, "/api/v1/clock/shift?by=1d"));
        Assert.Equal(ahead.Real.AddHours(28), ahead.Now);
        Assert.Contains("The clock is 1 d 4 h ahead", await scene.Browser.GetStringAsync("/sign-in"), StringComparison.Ordinal);
        Assert.Equal(0, (await ReadAsync(await scene.ApiAsync(HttpMethod.Post, "/api/v1/clock/reset"))).ShiftSeconds);
        Assert.DoesNotContain("The clock is", await scene.Browser.GetStringAsync("/sign-in"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?by=-4h")]
    [InlineData("?by=soon")]
    public async Task Refuses_what_is_no_time(string query)
    {
        await using var scene = await WebScene.StartAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await scene.ApiAsync(HttpMethod.Post, $"/api/v1/clock/shift{query}")).StatusCode);
    }

    [Fact]
    public async Task Refuses_to_shift_a_clock_that_may_not_be()
    {
        await using var scene = await WebScene.StartAsync();
        scene.Clock.MayShift = false;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await scene.ApiAsync(HttpMethod.Post, "/api/v1/clock/shift?by=4h")).StatusCode);
    }

    [Fact]
    public async Task Asks_for_the_token()
    {
        await using var scene = await WebScene.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.ApiAsync(HttpMethod.Post, "/api/v1/clock/shift?by=4h", token: "wrong")).StatusCode);
        Assert.Equal(0, scene.Clock.Read().Shift.Ticks);
    }

    private static async Task<ClockView> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<ClockView>(TestContext.Current.CancellationToken))!;
    }
}
