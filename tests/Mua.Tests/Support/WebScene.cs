using System.Net;
using System.Net.Http.Headers;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Testing;

namespace MailSuite.Mua.Tests.Support;

/// <summary>The webmail and the API on a port of their own, over mailboxes in memory; one browser without script.</summary>
internal sealed class WebScene : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempDirectory _data = new();
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };

    private WebScene(Func<MuaOptions, MuaOptions>? configure)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WebScene).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var options = Samples.Options(_data.Path);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IMailboxes>(Mailboxes);
        builder.Services.AddSingleton<IMailboxChanges>(Mailboxes);
        builder.Services.AddSingleton<IAccounts>(Accounts);
        builder.Services.AddSingleton<ISubmission>(Submission);
        builder.Services.AddSingleton<IProgramClock>(Clock);
        builder.Services.AddSingleton<IMailQueue>(Queue);
        builder.Services.AddSingleton<ISuppressions>(Suppressions);
        builder.Services.AddMua(configure is null ? options : configure(options));
        _app = builder.Build();
        _app.UseMua();
    }

    internal InMemoryMailboxes Mailboxes { get; } = new();

    internal FakeMailQueue Queue { get; } = new();

    internal FakeSuppressions Suppressions { get; } = new();

    internal FakeProgramClock Clock { get; } = new();

    internal FakeAccounts Accounts { get; } = new();

    internal FakeSubmission Submission { get; } = new();

    internal HttpClient Browser { get; private set; } = null!;

    internal IJourneyRecorder Journeys => _app.Services.GetRequiredService<IJourneyRecorder>();

    internal AccountId Bob { get; private set; }

    internal AccountId Eve { get; private set; }

    internal static async Task<WebScene> StartAsync(Func<MuaOptions, MuaOptions>? configure = null)
    {
        var scene = new WebScene(configure);
        scene.Bob = await scene.AddAccountAsync("bob@example.org", "Bob Ross");
        scene.Eve = await scene.AddAccountAsync("eve@example.org", null);
        await scene._app.StartAsync();
        scene.Browser = new HttpClient(scene._handler) { BaseAddress = new Uri(scene._app.Urls.First()) };
        return scene;
    }

    /// <summary>Signs the browser in.</summary>
    internal async Task<HttpResponseMessage> SignInAsync(string address = "bob@example.org", string password = "secret", string path = "/sign-in") =>
        await PostAsync(path, ("Form.Address", address), ("Form.Password", password), ("_handler", "sign-in"));

    /// <summary>Posts a form with the anti-forgery token of the page at the same path.</summary>
    internal async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) => await PostFromAsync(path, path, fields);

    internal async Task<HttpResponseMessage> PostFromAsync(string page, string path, params (string Name, string Value)[] fields)
    {
        var html = await Browser.GetStringAsync(page);
        var form = new MultipartFormDataContent { { new StringContent(TokenIn(html)), "__RequestVerificationToken" } };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return await Browser.PostAsync(path, form);
    }

    /// <summary>A request of the command line.</summary>
    internal async Task<HttpResponseMessage> ApiAsync(HttpMethod method, string path, string? token = Samples.Token, HttpContent? content = null)
    {
        using var client = new HttpClient { BaseAddress = Browser.BaseAddress };
        var request = new HttpRequestMessage(method, path) { Content = content };
        // A large body is not sent before the server has agreed to read it.
        request.Headers.ExpectContinue = content is not null;
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request);
    }

    internal static string TokenIn(string html)
    {
        const string Field = "name=\"__RequestVerificationToken\" value=\"";
        var at = html.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
        return html[at..html.IndexOf('"', at)];
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        _handler.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
    }

    private async Task<AccountId> AddAccountAsync(string address, string? name) =>
        ((AccountChange.Done)await Accounts.AddAsync(EnvelopeAddress.Parse(address), "secret", name, CancellationToken.None)).Account.Id;
}
