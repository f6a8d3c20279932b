using System.Net;
using System.Reflection;
using MailSuite.Host.Configuration;
using MailSuite.Host.Local;
using MailSuite.Host.Listening;
using MailSuite.Host.Logging;
using MailSuite.Host.Tls;
using MailSuite.Mda;
using MailSuite.Mta;
using MailSuite.Mua;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.LineProtocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Running;

/// <summary>One running MailSuite: the three modules, their listeners and the data directory that it holds.</summary>
/// <remarks>
/// Order of a start: lock, certificate, stores (migrations), ports, run file. A stop goes backwards, so no mail is taken before the
/// stores are ready, and no store closes before the last session has ended.
/// </remarks>
internal sealed partial class MailSuiteProgram : IAsyncDisposable
{
    private readonly DataDirectory _data;
    private readonly WebApplication _app;
    private readonly RunFile _runFile;

    private MailSuiteProgram(HostSettings settings, DataDirectory data, WebApplication app)
    {
        _data = data;
        _app = app;
        Settings = settings;
        Endpoints = app.Services.GetRequiredService<Listeners>().Bound;
        var clock = app.Services.GetRequiredService<TimeProvider>().Real();
        _runFile = new RunFile(
            Environment.ProcessId, Version, ProfileName(settings.Profile), settings.PortOffset, settings.DataDirectory, settings.ConfigurationFile, clock.GetUtcNow(), Web,
            Endpoints.GroupBy(endpoint => endpoint.Kind).ToDictionary(group => group.Key.ToString(), group => (IReadOnlyList<string>)[.. group.Select(endpoint => BindAddress.TextOf(endpoint.EndPoint))]),
            settings.Mua.LocalToken);
        _runFile.Write();

        var logger = app.Services.GetRequiredService<ILogger<MailSuiteProgram>>();
        if (settings.Log.Format == LogFormat.Json)
        {
            // People have the banner for it.
            foreach (var (kind, endPoint) in Endpoints)
                Listening(logger, kind, BindAddress.TextOf(endPoint));
        }

        app.Services.GetRequiredService<ProgramClock>().Tell();
        if (LocalSocket.PathFor(settings.DataDirectory) is null)
            NoLocalSocket(logger, settings.DataDirectory);
        app.Lifetime.ApplicationStopping.Register(() => Stopping(logger, settings.ShutdownTimeout.TotalSeconds));
    }

    public static string Version { get; } =
        typeof(MailSuiteProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public HostSettings Settings { get; }

    /// <summary>What listens, on the ports that it got.</summary>
    public IReadOnlyList<(EndpointKind Kind, EndPoint EndPoint)> Endpoints { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Where this machine reaches the web.</summary>
    public Uri Web
    {
        get
        {
            var endPoint = (IPEndPoint)Endpoints.First(endpoint => endpoint.Kind == EndpointKind.Web).EndPoint;
            var address = endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : endPoint.Address;
            return new UriBuilder(Settings.Web.Https ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, address.ToString(), endPoint.Port).Uri;
        }
    }

    /// <summary>Starts everything; when the task is done, all ports are open.</summary>
    /// <exception cref="StartException">It cannot start, and says what to do.</exception>
    public static async Task<MailSuiteProgram> StartAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        var data = DataDirectory.Take(settings.DataDirectory);
        WebApplication? app = null;
        try
        {
            app = Build(settings);
            await app.StartAsync(cancellationToken);
            app.Services.GetRequiredService<Listeners>().OpenSockets();
            var program = new MailSuiteProgram(settings, data, app);
            // What a start leaves (migrations, models, configuration) is never needed again; given back, an idle program stays small.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return program;
        }
        catch (Exception e)
        {
            var listeners = app?.Services.GetRequiredService<Listeners>();
            if (app is not null)
            {
                await app.StopAsync(CancellationToken.None);
                await app.DisposeAsync();
            }

            data.Dispose();
            if (e is OperationCanceledException or StartException)
                throw;
            throw IsPortProblem(e) ? listeners!.Explain(e) : new StartException(e.Message, e);
        }
    }

    /// <summary>Waits until the program was told to stop, by a signal or by <see cref="StopAsync"/>, and has stopped.</summary>
    public async Task WaitForShutdownAsync()
    {
        await _app.WaitForShutdownAsync();
        _runFile.Remove();
    }

    public async Task StopAsync()
    {
        await _app.StopAsync();
        _runFile.Remove();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _runFile.Remove();
        _data.Dispose();
    }

    internal static string ProfileName(Profile profile) => profile == Profile.Development ? "development" : "server";

    private static WebApplication Build(HostSettings settings)
    {
        // Empty: nothing may be configured by files or variables that this program's own configuration does not know.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(MailSuiteProgram).Assembly.GetName().Name,
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        // What a build has in other projects' folders, a published program has in its own.
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);

        var listeners = new Listeners(settings);
        builder.Logging.AddProgramLog(settings.Log);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listeners.Configure);
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.Backlog = settings.Connections.Backlog;
            // A session goes on where its octets arrive, and sends from there: one wake-up a command instead of three. What Kestrel calls
            // unsafe is code that blocks; sessions await, and their octets arrive on the thread pool in any case.
            sockets.UnsafePreferInlineScheduling = true;
        });

        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.ShutdownTimeout);
        services.AddRouting();
        var clock = ProgramClock.Open(settings, TimeProvider.System);
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(clock);
        services.AddSingleton<ProgramClock>();
        services.AddSingleton<IProgramClock>(provider => provider.GetRequiredService<ProgramClock>());
        services.AddSingleton(settings);
        services.AddSingleton(listeners);
        services.AddSingleton<ServerTls>();
        services.AddSingleton<IServerTls>(provider => provider.GetRequiredService<ServerTls>());
        services.AddSingleton<MailConnections>();
        services.AddSingleton<LocalChannel>();
        if (settings.Metrics.IsOn)
            MetricsExport.Add(services, settings.Metrics);
        services.AddMua(settings.Mua).AddMda(settings.Mda).AddMta(settings.Mta);

        var app = builder.Build();
        app.Use(next => context => app.Lifetime.ApplicationStopping.IsCancellationRequested ? RefuseWhileStopping(context) : next(context));
        if (settings.Web.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(BehindProxies(settings.Web.TrustedProxies));
        if (settings.Metrics.Scrape)
            MetricsExport.Use(app, settings.Metrics);
        HealthEndpoints.Map(app);
        app.UseMua();
        return app;
    }

    /// <summary>
    /// A page of the webmail that loses its connection comes back at once, over one that is still open; let in again, it would hold up the
    /// stop until its time is over.
    /// </summary>
    private static Task RefuseWhileStopping(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }

    private static ForwardedHeadersOptions BehindProxies(IReadOnlyList<IPAddress> proxies)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            options.KnownProxies.Add(proxy);
        return options;
    }

    [LoggerMessage(LogLevel.Information, "{Kind} listens on {EndPoint}.")]
    private static partial void Listening(ILogger logger, EndpointKind kind, string endPoint);

    [LoggerMessage(LogLevel.Information, "Stopping: no new connections; transactions in hand have {Seconds} s to finish.")]
    private static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(LogLevel.Warning, "The path {DataDirectory} is too long for a socket in it: sendmail leaves its mail in the maildrop, and smtp --stdio cannot be served.")]
    private static partial void NoLocalSocket(ILogger logger, string dataDirectory);

    private static bool IsPortProblem(Exception e)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is System.Net.Sockets.SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
                return true;
        }

        return false;
    }
}
