using System.IO.Pipelines;
using System.Net;
using System.Net.Security;

namespace MailSuite.Shared.LineProtocol;

/// <summary>A reliable ordered stream of octets in both directions, which is all that SMTP, IMAP and POP3 ask for (RFC 5321 §1.1).</summary>
/// <remarks>
/// A TCP socket, TLS, a Unix socket, standard input or a test may stand behind it. One session uses it; reading and writing may go on
/// at the same time, but not two reads or two writes. <see cref="Input"/> and <see cref="Output"/> are other objects after an upgrade.
/// </remarks>
public interface IMailTransport : IAsyncDisposable
{
    PipeReader Input { get; }

    PipeWriter Output { get; }

    EndPoint? LocalEndPoint { get; }

    EndPoint? RemoteEndPoint { get; }

    /// <summary>What TLS agreed on; <see langword="null"/> while the octets go in clear.</summary>
    TlsFacts? Tls { get; }

    /// <summary>Throws away what has been received and not been read.</summary>
    /// <remarks>
    /// A server calls it before it writes the reply that lets TLS begin, never after: before, it drops what a third party put
    /// into the clear part (RFC 3207 §6); after, it would eat the ClientHello.
    /// </remarks>
    /// <returns>Octets dropped.</returns>
    int DiscardReceived();

    /// <summary>Takes the server's part of a TLS handshake, with the certificate for the name that the client asks for.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The sides could not agree.</exception>
    /// <exception cref="IOException">The other side went away.</exception>
    Task UpgradeToTlsAsync(IServerTls tls, CancellationToken cancellationToken);

    /// <summary>Takes the client's part of a TLS handshake; the same exceptions.</summary>
    Task UpgradeToTlsAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken);
}

/// <param name="Protocol">As in Received fields and journeys: <c>TLS 1.3</c>.</param>
/// <param name="CipherSuite">The IANA name.</param>
/// <param name="PeerVerified">Whether the other side's certificate was checked and found good.</param>
public sealed record TlsFacts(string Protocol, string CipherSuite, bool PeerVerified)
{
    /// <summary>What an authentication can be bound to.</summary>
    public ChannelBindings Bindings { get; init; } = ChannelBindings.None;
}
