using System.Net;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mua.Tests.Web;

public sealed class SignInTests
{
    [Fact]
    public async Task Gives_a_cookie_that_script_cannot_read_and_other_sites_cannot_use()
    {
        await using var scene = await WebScene.StartAsync();
        var response = await scene.SignInAsync();

        Assert.Equal((HttpStatusCode.Found, "/mail"), (response.StatusCode, response.Headers.Location!.PathAndQuery));
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), c => c.StartsWith("mailsuite=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Refuses_a_wrong_password_and_does_not_say_which_was_wrong()
    {
        await using var scene = await WebScene.StartAsync();
        var wrong = await scene.SignInAsync(password: "wrong");
        var unknown = await scene.SignInAsync("nobody@example.org", "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        Assert.Contains("Address or password is wrong.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Address or password is wrong.", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "Try again in 5 s.")]
    [InlineData(61, "Try again in 2 min.")]
    public async Task Says_when_to_come_again_after_too_many_failures(int seconds, string sentence)
    {
        await using var scene = await WebScene.StartAsync();
        scene.Accounts.Answer = new AuthenticationOutcome.TooManyFailures(TimeSpan.FromSeconds(seconds));
        var stopped = await scene.SignInAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, stopped.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(seconds), stopped.Headers.RetryAfter!.Delta);
        Assert.Contains(sentence, await stopped.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(scene.Accounts.LastClient);
    }

    [Fact]
    public async Task Says_when_it_cannot_be_found_out()
    {
        await using var scene = await WebScene.StartAsync();
        scene.Accounts.IsDown = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await scene.SignInAsync()).StatusCode);
    }

    [Theory]
    [InlineData("%2Fjourney", "/journey")]
    [InlineData("%2F%2Fevil.example", "/mail")]
    [InlineData("%2F%5Cevil.example", "/mail")]
    [InlineData("https%3A%2F%2Fevil.example", "/mail")]
    public async Task Leads_on_to_our_own_pages_only(string asked, string led)
    {
        await using var scene = await WebScene.StartAsync();
        var response = await scene.SignInAsync(path: $"/sign-in?return={asked}");
        Assert.Equal((scene.Browser.BaseAddress!.Authority, led), (response.Headers.Location!.Authority, response.Headers.Location.PathAndQuery));
    }

    [Fact]
    public async Task Ends_with_the_account()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();
        await scene.Accounts.RemoveAsync(EnvelopeAddress.Parse("bob@example.org"), CancellationToken.None);

        Assert.Equal(HttpStatusCode.Found, (await scene.Browser.GetAsync("/mail")).StatusCode);
    }

    [Fact]
    public async Task Ends_with_signing_out()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();
        await scene.PostFromAsync("/mail", "/sign-out", ("reason", "button"));

        Assert.Equal(HttpStatusCode.Found, (await scene.Browser.GetAsync("/mail")).StatusCode);
    }

    [Fact]
    public async Task Says_in_development_that_any_password_will_do()
    {
        await using var server = await WebScene.StartAsync();
        Assert.DoesNotContain("any password", await server.Browser.GetStringAsync("/sign-in"), StringComparison.Ordinal);
        await using var development = await WebScene.StartAsync(o => o with { AnyPassword = true });
        Assert.Contains("any password", await development.Browser.GetStringAsync("/sign-in"), StringComparison.Ordinal);
    }
}
