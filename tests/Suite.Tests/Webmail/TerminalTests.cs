using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using Microsoft.Playwright;

namespace MailSuite.Suite.Tests.Webmail;

/// <summary>SEND, SOML and SAML before a real browser: the terminal of RFC 821 §3.4 is an open page of the webmail.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Bob = "bob@example.org";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [EhloKeyword("SEND")]
    [EhloKeyword("SOML")]
    [EhloKeyword("SAML")]
    [Theory]
    [InlineData(ColorScheme.Light, 1280, 800)]
    [InlineData(ColorScheme.Dark, 1280, 800)]
    [InlineData(ColorScheme.Light, 390, 844)]
    public async Task A_message_appears_on_the_screen_and_lies_in_the_mailbox_only_when_it_should(ColorScheme scheme, int width, int height)
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await ChildProgram.StartAsync(_directory.Path);

        // Bob is not there yet: SEND is refused, SOML mails.
        using (var early = await SmtpTalk.ConnectAsync(program.SmtpPort))
        {
            await early.SayAsync("EHLO client.example.net");
            Assert.StartsWith("250", await early.SayAsync("SEND FROM:<ann@example.org>"), StringComparison.Ordinal);
            Assert.StartsWith("450 4.2.1", await early.SayAsync($"RCPT TO:<{Bob}>"), StringComparison.Ordinal);
        }

        Assert.StartsWith("250", await SayAsync(program, "SOML", "Mailed instead", "You were away."), StringComparison.Ordinal);
        var page = await SignedInAsync(browser, program, scheme, width, height);
        await Assertions.Expect(Row(page, "Mailed instead")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await BecomesReadyAsync(program);

        Assert.StartsWith("250", await SayAsync(program, "SEND", "Tea is ready", "In the kitchen, while it is hot.\r\n<b>Ann</b>"), StringComparison.Ordinal);
        var alert = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToHaveCountAsync(1);
        await Assertions.Expect(alert.GetByRole(AriaRole.Heading, new LocatorGetByRoleOptions { Name = "Tea is ready" })).ToBeVisibleAsync();
        await Assertions.Expect(alert).ToContainTextAsync("Ann Example");
        await Assertions.Expect(alert).ToContainTextAsync("<b>Ann</b>");
        await Assertions.Expect(alert).ToContainTextAsync("kept nowhere");

        // It survives a change of pages inside the webmail, by a link and by a reload.
        await Row(page, "Mailed instead").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Article).GetByText("You were away.")).ToBeVisibleAsync();
        await Assertions.Expect(alert).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Assertions.Expect(alert).ToHaveCountAsync(1);
        await BecomesReadyAsync(program);

        Assert.StartsWith("250", await SayAsync(program, "SAML", "The minutes", "We decided to have tea at four."), StringComparison.Ordinal);
        await Assertions.Expect(alert).ToHaveCountAsync(2);
        await page.GotoAsync("/mail");
        await Assertions.Expect(Row(page, "The minutes")).ToBeVisibleAsync();
        await Assertions.Expect(Row(page, "Tea is ready")).ToHaveCountAsync(0);
        await Assertions.Expect(alert).ToHaveCountAsync(2);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(ChildProgram.Repository, "artifacts", "screenshots", $"terminal-{scheme.ToString().ToLowerInvariant()}-{width}.png") });
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than the screen.");

        await alert.First.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Dismiss", Exact = true }).ClickAsync();
        await Assertions.Expect(alert).ToHaveCountAsync(1);
        await Assertions.Expect(alert).ToContainTextAsync("The minutes");
        await alert.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Dismiss", Exact = true }).ClickAsync();
        await Assertions.Expect(alert).ToHaveCountAsync(0);
    }

    /// <summary>The page has woken up and is known to the server.</summary>
    private static Task BecomesReadyAsync(ChildProgram program) => Eventually.HoldsAsync(
        async () =>
        {
            using var talk = await SmtpTalk.ConnectAsync(program.SmtpPort);
            await talk.SayAsync("EHLO client.example.net");
            await talk.SayAsync("SEND FROM:<ann@example.org>");
            return (await talk.SayAsync($"RCPT TO:<{Bob}>")).StartsWith("250", StringComparison.Ordinal);
        },
        "Bob is there");

    /// <returns>The reply to the final dot.</returns>
    private static async Task<string> SayAsync(ChildProgram program, string verb, string subject, string text)
    {
        using var talk = await SmtpTalk.ConnectAsync(program.SmtpPort);
        await talk.SayAsync("EHLO client.example.net");
        Assert.StartsWith("250", await talk.SayAsync($"{verb} FROM:<ann@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await talk.SayAsync($"RCPT TO:<{Bob}>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await talk.SayAsync("DATA"), StringComparison.Ordinal);
        return await talk.SayAsync($"From: Ann Example <ann@example.org>\r\nTo: {Bob}\r\nSubject: {subject}\r\n\r\n{text}\r\n.");
    }

    private static async Task<IPage> SignedInAsync(Chromium browser, ChildProgram program, ColorScheme scheme, int width, int height)
    {
        var page = await browser.PageAsync(program.Run.Web, static _ => { }, scheme, width, height);
        await page.GotoAsync("/");
        await page.GetByLabel("Address").FillAsync(Bob);
        await page.GetByLabel("Password").FillAsync("any");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Inbox" })).ToBeVisibleAsync();
        return page;
    }

    private static ILocator Row(IPage page, string subject) =>
        // While the living list takes the place of the first rows both are there, for a moment.
        page.Locator("[data-list]").GetByRole(AriaRole.Link).Filter(new LocatorFilterOptions { HasText = subject }).First;
}
