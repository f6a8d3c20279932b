using System.Net;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mua.Tests.Web;

/// <summary>The pages of administrators, before people who are none.</summary>
public sealed class AdminRightTests
{
    private static readonly EnvelopeAddress Bob = EnvelopeAddress.Parse("bob@example.org");

    [Fact]
    public async Task A_stranger_is_asked_to_sign_in()
    {
        await using var scene = await WebScene.StartAsync();
        var response = await scene.Browser.GetAsync("/admin/clock");
        Assert.Equal((HttpStatusCode.Found, "/sign-in"), (response.StatusCode, response.Headers.Location!.AbsolutePath));
    }

    [Fact]
    public async Task Who_is_no_administrator_is_refused_and_sees_no_link_there()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();
        var response = await scene.Browser.GetAsync("/admin/clock");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("for administrators", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("/admin", await scene.Browser.GetStringAsync("/journey"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_is_let_in_until_the_right_is_taken_away()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();
        await scene.Accounts.SetAdministratorAsync(Bob, true, TestContext.Current.CancellationToken);
        Assert.Contains("/admin", await scene.Browser.GetStringAsync("/journey"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await scene.Browser.GetAsync("/admin/clock")).StatusCode);

        await scene.Accounts.SetAdministratorAsync(Bob, false, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Browser.GetAsync("/admin/clock")).StatusCode);
    }

    [Fact]
    public async Task Everybody_is_one_in_the_development_profile()
    {
        await using var scene = await WebScene.StartAsync(options => options with { AnyPassword = true });
        await scene.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, (await scene.Browser.GetAsync("/admin/clock")).StatusCode);
    }

    [Fact]
    public async Task The_clock_is_put_ahead_by_a_button_and_by_words_and_brought_back()
    {
        await using var scene = await WebScene.StartAsync(options => options with { AnyPassword = true });
        await scene.SignInAsync();
        Assert.Equal(HttpStatusCode.Found, (await scene.PostAsync("/admin/clock", ("_handler", "shift"), ("By", "4 h"))).StatusCode);
        Assert.Equal(TimeSpan.FromHours(4), scene.Clock.Read().Shift);
        Assert.Contains("4 h ahead", await scene.Browser.GetStringAsync("/admin/clock"), StringComparison.Ordinal);
        await scene.PostAsync("/admin/clock", ("_handler", "shift-by"), ("By", "1 d 2 h"));
        Assert.Equal(TimeSpan.FromHours(30), scene.Clock.Read().Shift);
        var refused = await scene.PostAsync("/admin/clock", ("_handler", "shift-by"), ("By", "soon"));
        Assert.Contains("is no time", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await scene.PostAsync("/admin/clock", ("_handler", "reset"));
        Assert.Equal(TimeSpan.Zero, scene.Clock.Read().Shift);
    }

    [Fact]
    public async Task A_clock_that_may_not_be_put_ahead_has_no_buttons()
    {
        await using var scene = await WebScene.StartAsync(options => options with { AnyPassword = true });
        await scene.SignInAsync();
        scene.Clock.MayShift = false;
        Assert.DoesNotContain("name=\"By\"", await scene.Browser.GetStringAsync("/admin/clock"), StringComparison.Ordinal);
    }
}
