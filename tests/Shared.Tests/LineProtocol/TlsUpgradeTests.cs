using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;

namespace MailSuite.Shared.Tests.LineProtocol;

public sealed class TlsUpgradeTests
{
    [Fact]
    public async Task Speaks_through_TLS_after_the_upgrade_and_says_goodbye()
    {
        await using var transports = new ConnectedTransports();
        await HandshakeAsync(transports);
        Assert.StartsWith("TLS 1.", transports.Server.Tls!.Protocol, StringComparison.Ordinal);
        Assert.False(transports.Client.Tls!.PeerVerified); // made by itself, known to nobody

        await transports.Client.Output.WriteAsync("EHLO a\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var reader = new LineReader(transports.Server, 100);
        Assert.Equal("EHLO a", Encoding.ASCII.GetString((await reader.ReadAsync(TestContext.Current.CancellationToken)).Octets.Span));

        // An end with close_notify reads as an end; a cut would be an IOException.
        await transports.Server.DisposeAsync();
        var end = await transports.Client.Input.ReadAsync(TestContext.Current.CancellationToken);
        Assert.True(end is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    [Fact]
    public async Task Forgets_what_was_sent_in_clear_before_the_upgrade()
    {
        await using var transports = new ConnectedTransports();
        await transports.SendAsync("MAIL FROM:<mallory@example.org>\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(33, transports.Server.DiscardReceived());
        await HandshakeAsync(transports);
        await transports.Client.Output.WriteAsync("NOOP\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var reader = new LineReader(transports.Server, 100);
        Assert.Equal("NOOP", Encoding.ASCII.GetString((await reader.ReadAsync(TestContext.Current.CancellationToken)).Octets.Span));
    }

    [Fact]
    public async Task Fails_when_the_other_side_speaks_no_TLS()
    {
        await using var transports = new ConnectedTransports();
        var upgrade = transports.Server.UpgradeToTlsAsync(new SelfSignedTls(), TestContext.Current.CancellationToken);
        await transports.SendAsync("EHLO plain text, no handshake at all\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await transports.Client.Output.CompleteAsync();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => upgrade);
        Assert.True(failure is AuthenticationException or IOException, failure.ToString());
    }

    private static async Task HandshakeAsync(ConnectedTransports transports) => await Task.WhenAll(
        transports.Server.UpgradeToTlsAsync(new SelfSignedTls(), TestContext.Current.CancellationToken),
        transports.Client.UpgradeToTlsAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true }, TestContext.Current.CancellationToken));
}
