using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Clock;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Tls;

/// <summary>The certificates of all our servers, from the configured PEM files or of our own making; renewed files are taken up by themselves.</summary>
/// <remarks>
/// The files are looked at when a handshake comes, each pair by itself. Files that cannot be used, such as a certificate written a moment
/// before its key, leave the last good one in service. Sessions go on with what they began with.
/// </remarks>
internal sealed partial class ServerTls : IServerTls
{
    private readonly TlsSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CertificateSource[] _sources;
    private readonly Lock _looking = new();
    private volatile CertificateChoice _choice;
    private long _lookedAt;

    public ServerTls(HostSettings settings, TimeProvider clock, ILogger<ServerTls> logger)
    {
        _settings = settings.Tls;
        _clock = clock;
        _logger = logger;
        _sources = IsSelfMade
            ? [new CertificateSource(() => SelfMadeCertificate.Ensure(settings.DataDirectory, settings.HostName, clock.Real())).Load()]
            : [.. _settings.Certificates.Select(files => new CertificateSource(() => (files.CertificateFile, files.KeyFile)).Load())];
        _choice = Choose();
        _lookedAt = clock.GetTimestamp();
    }

    /// <summary>There always is one: of our own making when none is given, the last good one when a new one is broken.</summary>
    public bool IsAvailable => true;

    /// <summary>Whether the certificate is our own, so that people's programs will warn.</summary>
    public bool IsSelfMade => _settings.Certificates.Count == 0;

    /// <summary>The one that answers for no name and for unknown ones.</summary>
    public X509Certificate2 Certificate => _choice.For("").Certificate;

    public SslServerAuthenticationOptions ForHandshake(string serverName) => Current().For(serverName).ForMail;

    /// <summary>The same for HTTP.</summary>
    public SslServerAuthenticationOptions ForHttpHandshake(string serverName) => Current().For(serverName).ForHttp;

    private CertificateChoice Current()
    {
        // One handshake looks at the files; those that come meanwhile do not wait for it.
        var lookedAt = Volatile.Read(ref _lookedAt);
        if (_clock.GetElapsedTime(lookedAt) >= _settings.ReloadInterval && Interlocked.CompareExchange(ref _lookedAt, _clock.GetTimestamp(), lookedAt) == lookedAt)
            Refresh();
        return _choice;
    }

    private void Refresh()
    {
        // The next look may come while this one is still waiting for a slow disk.
        if (!_looking.TryEnter())
            return;
        try
        {
            foreach (var source in _sources)
            {
                if (source.Refresh(out var problem))
                    Reloaded(source.CertificateFile, source.Served.Certificate.NotAfter.ToUniversalTime());
                else if (problem is not null)
                    NotReloaded(source.CertificateFile, problem);
            }

            _choice = Choose();
        }
        finally
        {
            _looking.Exit();
        }
    }

    private CertificateChoice Choose() => new([.. _sources.Select(source => source.Served)]);

    [LoggerMessage(LogLevel.Information, "The certificate {File} was renewed; it is valid until {NotAfter:yyyy-MM-dd}.")]
    private partial void Reloaded(string file, DateTime notAfter);

    [LoggerMessage(LogLevel.Error, "The new certificate {File} cannot be used, the old one stays in service: {Problem}")]
    private partial void NotReloaded(string file, string problem);
}
