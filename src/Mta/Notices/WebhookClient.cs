using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Globalization;
using System.Text;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mta;
using Polly;
using Polly.Timeout;

namespace MailSuite.Mta.Notices;

/// <summary>Posts to one target. Redirections are not followed, and nobody but the settings says where a post goes.</summary>
internal sealed class WebhookClient : IDisposable
{
    /// <summary>Octets of an answer that are looked at, for people.</summary>
    private const int MaxAnswerOctets = 500;

    /// <summary>A connection is opened anew then, so that a change in the DNS is followed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly WebhookTarget _target;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _timeout;

    public WebhookClient(WebhookTarget target, TimeProvider clock)
    {
        (_target, _clock) = (target, clock.Real());
        _timeout = new ResiliencePipelineBuilder { TimeProvider = _clock }.AddTimeout(target.Timeout).Build();
        // Nothing is configured by the environment that the settings do not know, a proxy neither.
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxConnectionsPerServer = 2,
            MaxResponseHeadersLength = 16,
            ConnectTimeout = target.Timeout,
            SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.None },
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Posts one notice.</summary>
    /// <param name="id">The same at each attempt.</param>
    /// <exception cref="OperationCanceledException">The program ends; whether the target has it is not known.</exception>
    public async Task<WebhookAnswer> PostAsync(string id, string json, CancellationToken cancellationToken)
    {
        try
        {
            return await _timeout.ExecuteAsync(async token => await SendAsync(id, Encoding.UTF8.GetBytes(json), token), cancellationToken);
        }
        catch (TimeoutRejectedException)
        {
            return new WebhookAnswer(null, $"No answer within {_target.Timeout.TotalSeconds:0.###} s.", null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer(null, (e.InnerException is AuthenticationException inner ? inner.Message : e.Message), null);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<WebhookAnswer> SendAsync(string id, byte[] body, CancellationToken cancellationToken)
    {
        var at = _clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, _target.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.TryAddWithoutValidation("User-Agent", "MailSuite");
        request.Headers.TryAddWithoutValidation(WebhookSignature.IdHeader, id);
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, at.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Of(_target.Secret.Span, id, at, body));
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var text = await BeginningAsync(response, cancellationToken);
        return new WebhookAnswer((int)response.StatusCode, text, RetryAfterOf(response));
    }

    /// <summary>The beginning of the answer's body, for people. An answer without end is not waited for.</summary>
    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var octets = new byte[MaxAnswerOctets];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken);
        var text = new StringBuilder(Encoding.UTF8.GetString(octets, 0, length));
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                text[i] = ' ';
        }

        return text.ToString().Trim();
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _clock.GetUtcNow(),
        _ => null,
    };
}
