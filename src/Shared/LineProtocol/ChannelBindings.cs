using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailSuite.Shared.LineProtocol;

/// <summary>What a client can bind its authentication to, so that it is worth nothing on another connection (RFC 5056).</summary>
public sealed class ChannelBindings
{
    /// <summary>Octets that the handshake of TLS 1.3 gave both sides and nobody else (RFC 9266).</summary>
    public const string TlsExporter = "tls-exporter";

    /// <summary>The hash of the server's certificate (RFC 5929 §4).</summary>
    public const string TlsServerEndPoint = "tls-server-end-point";

    public static readonly ChannelBindings None = new(null, null);

    private readonly byte[]? _exported;
    private readonly X509Certificate2? _certificate;

    internal ChannelBindings(byte[]? exported, X509Certificate2? certificate)
    {
        _exported = exported;
        _certificate = certificate;
    }

    public bool IsEmpty => _exported is null && HashOf(_certificate) is null;

    public bool TryGet(string type, out ReadOnlyMemory<byte> octets)
    {
        var found = type switch
        {
            TlsExporter => _exported,
            TlsServerEndPoint when HashOf(_certificate) is { } hash => CryptographicOperations.HashData(hash, _certificate!.RawDataMemory.Span),
            _ => null,
        };
        octets = found;
        return found is not null;
    }

    /// <summary>The types that there are, for people.</summary>
    public override string ToString() =>
        string.Join(" and ", new[] { _exported is null ? null : TlsExporter, HashOf(_certificate) is null ? null : TlsServerEndPoint }.Where(type => type is not null));

    /// <summary>The bindings of a finished handshake in which we were the client; the certificate is the server's. Asked before anything else goes over the stream.</summary>
    internal static ChannelBindings OfClient(SslStream client) => new(TlsKeyExporter.TryExport(client), client.RemoteCertificate as X509Certificate2);

    /// <summary>The bindings of a finished handshake in which we were the server. Asked before anything else goes over the stream.</summary>
    internal static ChannelBindings Of(SslStream server) => new(TlsKeyExporter.TryExport(server), server.LocalCertificate as X509Certificate2);

    /// <summary>RFC 5929 §4.1: the hash of the certificate's signature, SHA-256 in the place of weaker ones; undefined where the signature has none of its own.</summary>
    private static HashAlgorithmName? HashOf(X509Certificate2? certificate) => certificate?.SignatureAlgorithm.Value switch
    {
        // With RSA: MD5, SHA-1, SHA-256; with ECDSA: SHA-1, SHA-256.
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.11" or "1.2.840.10045.4.1" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        _ => null,
    };
}
