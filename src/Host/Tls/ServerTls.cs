using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Host.Configuration;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Tls;

/// <summary>The certificate of all our servers, from the configured PEM files or of our own making; renewed files are taken up by themselves.</summary>
/// <remarks>
/// The files are looked at when a handshake comes, so that links that are moved, as certbot moves them, are noticed too. Files that
/// cannot be used, such as a certificate written a moment before its key, leave the last good one in service.
/// </remarks>
internal sealed partial class ServerTls : IServerTls
{
    private static readonly List<SslApplicationProtocol> HttpProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly HostSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private string _certificateFile;
    private string _keyFile;
    private SslStreamCertificateContext _context;
    private (DateTime Certificate, DateTime Key) _written;
    private long _lookedAt;

    public ServerTls(HostSettings settings, TimeProvider clock, ILogger<ServerTls> logger)
    {
        _settings = settings;
        _clock = clock;
        _logger = logger;
        (_certificateFile, _keyFile) = Files();
        _written = Written();
        _context = CertificateFiles.TryLoad(_certificateFile, _keyFile, out var problem)
            ?? throw new Running.StartException($"The certificate {_certificateFile} cannot be used: {problem}");
        _lookedAt = clock.GetTimestamp();
    }

    public bool IsAvailable => true;

    /// <summary>Whether the certificate is our own, so that people's programs will warn.</summary>
    public bool IsSelfMade => _settings.Tls.CertificateFile is null;

    public X509Certificate2 Certificate => _context.TargetCertificate;

    public SslServerAuthenticationOptions ForHandshake() => new()
    {
        ServerCertificateContext = Current(),
        // RFC 8996 forbids what is older.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    /// <summary>The same for HTTP, where the protocol is agreed on in the handshake (RFC 7301).</summary>
    public SslServerAuthenticationOptions ForHttpHandshake()
    {
        var options = ForHandshake();
        options.ApplicationProtocols = HttpProtocols;
        return options;
    }

    private SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            if (_clock.GetElapsedTime(_lookedAt) < _settings.Tls.ReloadInterval)
                return _context;
            _lookedAt = _clock.GetTimestamp();
            Reload();
            return _context;
        }
    }

    private void Reload()
    {
        try
        {
            (_certificateFile, _keyFile) = Files();
            var written = Written();
            if (written == _written)
                return;

            _written = written;
            if (CertificateFiles.TryLoad(_certificateFile, _keyFile, out var problem) is { } context)
            {
                _context = context;
                Reloaded(_certificateFile, context.TargetCertificate.NotAfter.ToUniversalTime());
            }
            else
            {
                NotReloaded(_certificateFile, problem!);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotReloaded(_certificateFile, e.Message);
        }
    }

    private (string, string) Files() => _settings.Tls is { CertificateFile: { } certificate, KeyFile: { } key }
        ? (certificate, key)
        : SelfMadeCertificate.Ensure(_settings.DataDirectory, _settings.HostName, _clock);

    private (DateTime, DateTime) Written() => (File.GetLastWriteTimeUtc(Target(_certificateFile)), File.GetLastWriteTimeUtc(Target(_keyFile)));

    private static string Target(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;

    [LoggerMessage(LogLevel.Information, "The certificate {File} was renewed; it is valid until {NotAfter:yyyy-MM-dd}.")]
    private partial void Reloaded(string file, DateTime notAfter);

    [LoggerMessage(LogLevel.Error, "The new certificate {File} cannot be used, the old one stays in service: {Problem}")]
    private partial void NotReloaded(string file, string problem);
}
