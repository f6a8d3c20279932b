using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Testing;

/// <summary>Somebody's program that takes notices: a real HTTP server on loopback, which answers as the test says.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly WebApplication _app;
    private readonly List<Post> _posts = [];

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>What it answers to the post of this number, from 1 on. A negative status never comes.</summary>
    public Func<int, Post, int> Answer { get; set; } = (_, _) => 204;

    /// <summary>Sent with every answer.</summary>
    public (string Name, string Value)? Header { get; set; }

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    public IReadOnlyList<Post> Posts
    {
        get
        {
            lock (_posts)
                return [.. _posts];
        }
    }

    /// <summary>Those that were taken.</summary>
    public IReadOnlyList<Post> Taken => [.. Posts.Where(post => post.Status is >= 200 and < 300)];

    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        var address = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        receiver.Url = new Uri(new Uri(address), "/events?token=secret-path");
        return receiver;
    }

    public WebhookTarget Target(string name = "app", int maxBacklog = 1000, TimeSpan? timeout = null, TimeSpan? lifetime = null, params DeliveryEvent[] events) => new()
    {
        Name = name,
        Url = Url,
        Secret = Key,
        MaxBacklog = maxBacklog,
        Timeout = timeout ?? TimeSpan.FromSeconds(10),
        Lifetime = lifetime ?? TimeSpan.FromDays(1),
        Events = events.Length == 0 ? new HashSet<DeliveryEvent>(Enum.GetValues<DeliveryEvent>()) : events.ToHashSet(),
    };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        var post = new Post(context.Request.Method, context.Request.Path + context.Request.QueryString, context.Request.ContentType, headers["webhook-id"].ToString(),
            headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body.ToArray());
        lock (_posts)
        {
            _posts.Add(post);
            post.Status = Answer(_posts.Count, post);
        }

        if (post.Status < 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return;
        }

        if (Header is var (name, value))
            context.Response.Headers[name] = value;
        context.Response.StatusCode = post.Status;
        if (post.Status != 204)
            await context.Response.WriteAsync($"answer {post.Status}", CancellationToken.None);
    }

    public sealed record Post(string Method, string Path, string? ContentType, string Id, string Timestamp, string Signature, byte[] Body)
    {
        public int Status { get; set; }

        public JsonElement Json => JsonDocument.Parse(Body).RootElement;

        public string Event => Json.GetProperty("event").GetString()!;

        /// <summary>As Standard Webhooks has it, written down once more and by itself.</summary>
        public bool IsSigned =>
            Signature == "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes($"{Id}.{Timestamp}.").Concat(Body).ToArray()));

        public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture));
    }
}
