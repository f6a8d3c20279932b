using System.Globalization;
using System.Net;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MailSuite.Suite.Tests.Webmail;

/// <summary>An administrator at a real browser, before a queue with mail in each state.</summary>
public sealed class AdminTests : IAsyncDisposable
{
    private const string Password = "correct horse battery";

    private readonly SmtpPeer _slow = new(IPAddress.Parse("127.0.0.3"));
    private readonly FakeDnsServer _dns = new();
    private SmtpPeer? _good;
    private SmtpPeer? _refusing;

    public async ValueTask DisposeAsync()
    {
        await _slow.DisposeAsync();
        if (_good is not null)
            await _good.DisposeAsync();
        if (_refusing is not null)
            await _refusing.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Fact]
    public async Task The_queue_is_seen_filtered_and_ordered_and_shows_by_itself_what_comes()
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await QueueAsync();
        var page = await SignedInAsync(browser, program, "/admin/queue");

        // Nobody touches the page: what comes appears, and what is selected stays so.
        var rows = page.Locator(".queue li");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator(".heat").GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "slow.test" })).ToBeVisibleAsync();
        await Row(page, "carl@slow.test").Locator(".pick").CheckAsync();
        await SubmitAsync(program, "late@dead.test");
        await Assertions.Expect(rows).ToHaveCountAsync(4, new LocatorAssertionsToHaveCountOptions { Timeout = 30_000 });
        await Assertions.Expect(Row(page, "carl@slow.test").Locator(".pick")).ToBeCheckedAsync();

        await OrderAsync(page, "Hold", "done for 1 message");
        await Assertions.Expect(Row(page, "carl@slow.test").Locator(".badge")).ToHaveTextAsync("Held");
        await page.Locator(".filter-box summary").ClickAsync();
        await page.GetByLabel("State").SelectOptionAsync("Held");
        await page.Locator(".filter button").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByText("1 message, 1 recipient", new PageGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Row(page, "carl@slow.test").Locator(".pick").CheckAsync();
        await OrderAsync(page, "Release", "done for 1 message");
        await Assertions.Expect(page.GetByText("Nothing in the queue is like that.")).ToBeVisibleAsync();

        // All of a filter, not only the page.
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(4);
        await page.EvaluateAsync("document.querySelector('.filter-box').open = true");
        await page.GetByLabel("Destination", new PageGetByLabelOptions { Exact = true }).FillAsync("dead.test");
        await page.Locator(".filter button").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await page.GetByLabel("Select this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Select all that is found" }).ClickAsync();
        await OrderAsync(page, "Reroute", "done for 2 messages", nextHop: "[127.0.0.4]");
        await Eventually.HoldsAsync(() => Task.FromResult(_good!.Messages.Count >= 3), "the rerouted mail at its new host");

        // By keyboard alone: the order has a key, the question takes the focus, Escape takes it back.
        await page.GotoAsync("/admin/queue?domain=slow.test");
        await Assertions.Expect(Row(page, "carl@slow.test").Locator(".pick")).ToBeEnabledAsync();
        await Row(page, "carl@slow.test").Locator(".pick").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.GetByText("1 message selected")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("d");
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Drop" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("d");
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Drop" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new LocatorFilterOptions { HasText = "Drop: done for 1 message" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_message_is_looked_into_followed_and_returned_to_its_sender()
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await QueueAsync();
        var page = await SignedInAsync(browser, program, "/admin/queue");
        await Row(page, "carl@slow.test").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.GetByText("451 4.7.1 Come again later").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("pre.header")).ToContainTextAsync("Subject: To carl@slow.test");
        await ShootAsync(page, "admin-message");
        var source = await page.APIRequest.GetAsync(page.Url + "/raw");
        Assert.Contains("Hello.", await source.TextAsync(), StringComparison.Ordinal);

        await OrderAsync(page, "Return to sender", "done for 1 message");
        Assert.Contains("carl@slow.test", await Eventually.GetAsync(async () => (await program.TextsAsync("ann@here.test")).FirstOrDefault(text => text.Contains("carl@slow.test", StringComparison.Ordinal) && text.Contains("Action: failed", StringComparison.Ordinal)), "the report"), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Its journey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "To carl@slow.test" })).ToBeVisibleAsync();
        await ShootAsync(page, "admin-journey");

        await page.GotoAsync("/admin/done?recipient=slow.test");
        await Assertions.Expect(page.Locator(".queue li")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByText("Returned to its sender")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_clock_is_put_ahead_on_its_page_and_the_queue_follows()
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await QueueAsync();
        var page = await SignedInAsync(browser, program, "/admin/clock");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "+ 4 h" }).ClickAsync();
        await Assertions.Expect(page.Locator(".clock-banner")).ToContainTextAsync("The clock is 4 h ahead");
        await Eventually.GetAsync(async () => (await program.TextsAsync("ann@here.test")).FirstOrDefault(text => text.Contains("Action: delayed", StringComparison.Ordinal)), "a warning of delay");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Queue", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".clock-banner")).ToBeVisibleAsync();
        await Assertions.Expect(Row(page, "carl@slow.test")).ToContainTextAsync("4 h");
        await page.GotoAsync("/admin/clock");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Back to the time on the wall" }).ClickAsync();
        await Assertions.Expect(page.Locator(".clock-banner")).ToHaveCountAsync(0);
        Assert.Equal(TimeSpan.Zero, program.Program.Services.GetRequiredService<IProgramClock>().Read().Shift);
    }

    [Fact]
    public async Task An_open_page_ends_when_the_right_is_taken_away()
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await QueueAsync();
        var page = await SignedInAsync(browser, program, "/admin/queue");
        await Assertions.Expect(page.Locator(".queue li").First).ToBeVisibleAsync();
        await program.Accounts.SetAdministratorAsync(EnvelopeAddress.Parse("ann@here.test"), false, TestContext.Current.CancellationToken);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Inbox" })).ToBeVisibleAsync();
        await page.GotoAsync("/admin/queue");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "This page is for administrators" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, 900)]
    [InlineData(ColorScheme.Dark, 1280, 900)]
    [InlineData(ColorScheme.Light, 390, 844)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Fits_the_screen_in_light_and_dark(ColorScheme scheme, int width, int height)
    {
        await using var browser = await Chromium.StartAsync();
        await using var program = await QueueAsync();
        await program.Program.Services.GetRequiredService<IProgramClock>().ShiftAsync(TimeSpan.FromMinutes(70), TestContext.Current.CancellationToken);
        await program.Program.Services.GetRequiredService<IMailQueue>().OrderAsync(new QueueOrder(QueueAction.Hold, "ann@here.test"), new QueueFilter { Recipient = "dora@slow.test" }, null, TestContext.Current.CancellationToken);
        for (var i = 0; i < 6; i++)
            await SubmitAsync(program, $"person{i}@dead.test");
        await program.Program.Services.GetRequiredService<ISuppressions>().AddAsync(EnvelopeAddress.Parse("gone@slow.test"), "asked us to stop", TestContext.Current.CancellationToken);
        var page = await SignedInAsync(browser, program, "/admin/queue", scheme, width, height);
        var name = $"{scheme.ToString().ToLowerInvariant()}-{width}";
        await Assertions.Expect(page.Locator(".queue li").First).ToBeVisibleAsync();
        await Row(page, "carl@slow.test").Locator(".pick").CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Drop" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        await ShootAsync(page, $"admin-queue-{name}");
        foreach (var other in new[] { "destinations", "done", "suppressions", "clock" })
        {
            await page.GotoAsync($"/admin/{other}");
            await ShootAsync(page, $"admin-{other}-{name}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{other} is wider than the screen.");
        }

        await page.GotoAsync("/admin/queue");
        await Row(page, "carl@slow.test").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.Locator("pre.header")).ToBeVisibleAsync();
        await ShootAsync(page, $"admin-message-{name}");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than the screen.");
    }

    /// <summary>Three that wait, at a host that answers nothing and at one that asks to come again; one delivered and one returned.</summary>
    private async Task<ProgramUnderTest> QueueAsync()
    {
        var port = _slow.EndPoint.Port;
        _slow.OnCommand = command => command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? "451 4.7.1 Come again later, we do not know you yet" : null;
        _good = new SmtpPeer(IPAddress.Parse("127.0.0.4"), port);
        _refusing = new SmtpPeer(IPAddress.Parse("127.0.0.5"), port) { OnCommand = command => command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? "550 5.1.1 No such person" : null };
        foreach (var (domain, address) in new[] { ("dead.test", "127.0.0.2"), ("slow.test", "127.0.0.3"), ("good.test", "127.0.0.4"), ("refusing.test", "127.0.0.5") })
            _dns.Mx(domain, 10, $"mx.{domain}").Address($"mx.{domain}", IPAddress.Parse(address));
        var program = await ProgramUnderTest.ServerAsync("here.test",
            ("MAILSUITE_Web__Https", "false"), ("MAILSUITE_Clock__Shift", "true"),
            ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()!), ("MAILSUITE_Relay__Port", port.ToString(CultureInfo.InvariantCulture)));
        await program.AddAccountAsync("ann@here.test", Password);
        await program.Accounts.SetAdministratorAsync(EnvelopeAddress.Parse("ann@here.test"), true, TestContext.Current.CancellationToken);
        foreach (var to in new[] { "bob@dead.test", "carl@slow.test", "dora@slow.test", "emil@good.test", "nobody@refusing.test" })
            await SubmitAsync(program, to);
        var queue = program.Program.Services.GetRequiredService<IMailQueue>();
        await Eventually.HoldsAsync(async () =>
            (await queue.SummarizeAsync(new QueueFilter { States = [QueueState.Waiting] }, TestContext.Current.CancellationToken)).Recipients == 3
            && (await queue.ListRetiredAsync(new RetiredFilter { Sender = "ann@here.test" }, new RetiredPageRequest(), TestContext.Current.CancellationToken)).Messages.Count == 2, "three that wait and two that are done");
        return program;
    }

    private static async Task SubmitAsync(ProgramUnderTest program, string to)
    {
        using var client = new MailKit.Net.Smtp.SmtpClient { ServerCertificateValidationCallback = static (_, _, _, _) => true };
        await client.ConnectAsync("127.0.0.1", program.EndPoint(EndpointKind.Submission).Port, MailKit.Security.SecureSocketOptions.StartTls, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync("ann@here.test", Password, TestContext.Current.CancellationToken);
        var message = new MimeKit.MimeMessage { Subject = $"To {to}", Body = new MimeKit.TextPart("plain") { Text = "Hello.\n" } };
        message.From.Add(MimeKit.MailboxAddress.Parse("ann@here.test"));
        message.To.Add(MimeKit.MailboxAddress.Parse(to));
        await client.SendAsync(message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(true, TestContext.Current.CancellationToken);
    }

    private static async Task<IPage> SignedInAsync(Chromium browser, ProgramUnderTest program, string path, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900)
    {
        var page = await browser.PageAsync(program.Program.Web, static _ => { }, scheme, width, height);
        await page.GotoAsync($"/sign-in?return={Uri.EscapeDataString(path)}");
        await page.GetByLabel("Address").FillAsync("ann@here.test");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync($"**{path}");
        return page;
    }

    private static ILocator Row(IPage page, string text) => page.Locator(".queue li").Filter(new LocatorFilterOptions { HasText = text });

    private static async Task OrderAsync(IPage page, string order, string result, string? nextHop = null)
    {
        await page.GetByRole(AriaRole.Toolbar, new PageGetByRoleOptions { Name = "Orders" }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = order, Exact = true }).ClickAsync();
        var question = page.GetByRole(AriaRole.Alertdialog);
        if (nextHop is not null)
            await question.GetByLabel("Next hop").FillAsync(nextHop);
        await question.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = order, Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new LocatorFilterOptions { HasText = result })).ToBeVisibleAsync();
    }

    /// <summary>Keeps a picture where people look for what a test left.</summary>
    private static Task ShootAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(ChildProgram.Repository, "artifacts", "screenshots", $"{name}.png") });
}
