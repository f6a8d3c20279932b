using System.Collections.Concurrent;
using System.Diagnostics;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using Microsoft.Playwright;

namespace MailSuite.Suite.Tests.Webmail;

/// <summary>A person at a real browser, before the real program.</summary>
public sealed class WebmailTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_message_is_read_and_answered_and_the_answer_appears_by_itself()
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await ChildProgram.StartAsync(_directory.Path);
        var requests = new ConcurrentBag<string>();
        await DeliverAsync(program, "ann@example.org", "bob@example.org", "Lunch tomorrow?", "Are you free at noon?\r\n\r\nAnn\r\n");

        var bob = await SignedInAsync(browser, program, requests.Add, "bob@example.org");
        await Assertions.Expect(bob).ToHaveTitleAsync("(1) Inbox · MailSuite");
        await Row(bob, "Lunch tomorrow?").ClickAsync();
        await Assertions.Expect(bob.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Lunch tomorrow?" })).ToBeVisibleAsync();
        await Assertions.Expect(bob.GetByRole(AriaRole.Article).GetByText("Are you free at noon?")).ToBeVisibleAsync();
        await ShootAsync(bob, "read");

        // Ann's page is open before the answer is written; nobody touches it afterwards.
        var ann = await SignedInAsync(browser, program, requests.Add, "ann@example.org");
        await Assertions.Expect(ann.GetByText("No mail yet", new PageGetByTextOptions { Exact = false })).ToBeVisibleAsync();
        await Assertions.Expect(ann.Locator("[data-list]")).ToBeVisibleAsync();
        var loads = 0;
        ann.Load += (_, _) => Interlocked.Increment(ref loads);

        await bob.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Reply", Exact = true }).ClickAsync();
        await Assertions.Expect(bob.GetByLabel("To", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("ann@example.org");
        await Assertions.Expect(bob.GetByLabel("Subject")).ToHaveValueAsync("Re: Lunch tomorrow?");
        await bob.GetByLabel("Message", new PageGetByLabelOptions { Exact = true }).FillAsync("Noon is fine.\n\nBob");
        await ShootAsync(bob, "compose");
        await bob.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Send" }).ClickAsync();
        await Assertions.Expect(bob.GetByRole(AriaRole.Status).GetByText("Sent.")).ToBeVisibleAsync();

        var answer = Row(ann, "Re: Lunch tomorrow?");
        await Assertions.Expect(answer).ToBeVisibleAsync();
        Assert.Equal(0, loads);
        await ShootAsync(ann, "answer-arrived");

        await answer.ClickAsync();
        await Assertions.Expect(ann.GetByRole(AriaRole.Article).GetByText("Noon is fine.")).ToBeVisibleAsync();
        await ann.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Journey", Exact = true }).ClickAsync();
        foreach (var step in new[] { "bob@example.org submitted the message", "Delivered to ann@example.org" })
            await Assertions.Expect(ann.GetByRole(AriaRole.Listitem).Filter(new LocatorFilterOptions { HasText = step })).ToBeVisibleAsync();
        await ShootAsync(ann, "journey");

        Assert.All(requests, request => Assert.True(IsOwn(request, program.Run.Web), $"The page asked {request}, which is not ours."));

        // Open pages hold a connection each; they must not hold up a stop.
        if (!OperatingSystem.IsWindows())
        {
            var asked = Stopwatch.StartNew();
            program.Terminate();
            Assert.Equal(0, await program.WaitForExitAsync());
            Assert.True(asked.Elapsed < TimeSpan.FromSeconds(20), $"The stop took {asked.Elapsed}.");
        }
    }

    [Fact]
    public async Task Rows_and_mailboxes_never_vanish_while_a_page_wakes_up()
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await ChildProgram.StartAsync(_directory.Path);
        await DeliverAsync(program, "ann@example.org", "bob@example.org", "Stay here", "Words.\r\n");
        var page = await SignedInAsync(browser, program, static _ => { }, "bob@example.org");
        await Row(page, "Stay here").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Article).GetByText("Words.")).ToBeVisibleAsync();

        // Looks at every change of the document, from the first row on.
        await page.AddInitScriptAsync("""
            globalThis.least = { rows: Infinity, boxes: Infinity };
            new MutationObserver(() => {
              const count = selector => document.querySelectorAll(selector).length;
              const note = (name, now) => { if (now > 0 || globalThis.least[name] !== Infinity) globalThis.least[name] = Math.min(globalThis.least[name], now); };
              note("rows", count("[data-list] .row-link"));
              note("boxes", count(".boxes .box"));
            }).observe(document, { childList: true, subtree: true });
            """);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("[data-list] .pick:enabled")).ToHaveCountAsync(1);
        Assert.Equal(1, await page.EvaluateAsync<int>("least.rows"));
        Assert.True(await page.EvaluateAsync<int>("least.boxes") > 0, "The mailboxes were gone for a moment.");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, 800)]
    [InlineData(ColorScheme.Dark, 1280, 800)]
    [InlineData(ColorScheme.Light, 390, 844)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Fits_the_screen_in_light_and_dark(ColorScheme scheme, int width, int height)
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await ChildProgram.StartAsync(_directory.Path);
        for (var number = 1; number <= 12; number++)
            await DeliverAsync(program, $"sender{number}@example.net", "bob@example.org", $"Message number {number} with a subject of some length", "A line of text that a person might write.\r\n");

        var page = await SignedInAsync(browser, program, static _ => { }, "bob@example.org", scheme, width, height);
        var name = $"{scheme.ToString().ToLowerInvariant()}-{width}";
        await Assertions.Expect(page.GetByText("Message number 12 with", new PageGetByTextOptions { Exact = false }).First).ToBeVisibleAsync();
        await ShootAsync(page, $"list-{name}");
        await Row(page, "Message number 12 ").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Article).GetByText("A line of text that a person might write.")).ToBeVisibleAsync();
        await ShootAsync(page, $"message-{name}");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than the screen.");
    }

    private static async Task<IPage> SignedInAsync(
        Chromium browser, ChildProgram program, Action<string> requested, string address, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 800)
    {
        var page = await browser.PageAsync(program.Run.Web, requested, scheme, width, height);
        await page.GotoAsync("/");
        await page.GetByLabel("Address").FillAsync(address);
        await page.GetByLabel("Password").FillAsync("any");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Inbox" })).ToBeVisibleAsync();
        return page;
    }

    private static async Task DeliverAsync(ChildProgram program, string from, string to, string subject, string text)
    {
        using var talk = await SmtpTalk.ConnectAsync(program.SmtpPort);
        await talk.BeginDataAsync(from, to);
        Assert.StartsWith("250", await talk.SayAsync($"From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{text}."), StringComparison.Ordinal);
    }

    /// <summary>Keeps a picture where people look for what a test left.</summary>
    private static Task ShootAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(ChildProgram.Repository, "artifacts", "screenshots", $"{name}.png") });

    private static bool IsOwn(string request, Uri web) =>
        Uri.TryCreate(request, UriKind.Absolute, out var address) && (address.Scheme is "data" or "blob" or "about" || address.Authority == web.Authority);

    /// <summary>The line of the message list with this subject.</summary>
    private static ILocator Row(IPage page, string subject) =>
        // While the living list takes the place of the first rows both are there, for a moment.
        page.Locator("[data-list]").GetByRole(AriaRole.Link).Filter(new LocatorFilterOptions { HasText = subject }).First;
}
