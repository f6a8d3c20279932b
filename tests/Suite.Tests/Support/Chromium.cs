using Microsoft.Playwright;

namespace MailSuite.Suite.Tests.Support;

/// <summary>The browser that is installed on the machine, driven by Playwright; none is downloaded.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    public static async Task<Chromium> StartAsync()
    {
        var file = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } given ? given : RealPrograms.Find(Names);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = file,
            // A container gives Chromium neither its sandbox nor a large shared memory.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A page with cookies of its own, as another person's browser has.</summary>
    /// <param name="requested">Hears every address that the page asks for.</param>
    public async Task<IPage> PageAsync(Uri web, Action<string> requested, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 800)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = web.ToString(),
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            TimezoneId = "Europe/Berlin",
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        page.Request += (_, request) => requested(request.Url);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
