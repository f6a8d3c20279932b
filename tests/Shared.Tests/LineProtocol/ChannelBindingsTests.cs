using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;

namespace MailSuite.Shared.Tests.LineProtocol;

public sealed class ChannelBindingsTests
{
    [Fact]
    public async Task Both_ends_of_TLS_1_3_export_the_same_and_every_connection_something_else()
    {
        var exported = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            var (server, client) = await HandshakeAsync(SslProtocols.Tls13);
            await using (server)
            await using (client)
            {
                Assert.True(ChannelBindings.Of(server).TryGet("tls-exporter", out var ours));
                Assert.Equal(32, ours.Length);
                Assert.Equal(TlsKeyExporter.TryExport(client), ours.ToArray());
                exported.Add(Convert.ToHexString(ours.Span));
            }
        }

        Assert.Equal(2, exported.Count);
    }

    [Fact]
    public async Task TLS_1_2_has_the_certificate_only()
    {
        var (server, client) = await HandshakeAsync(SslProtocols.Tls12);
        await using (server)
        await using (client)
        {
            var bindings = ChannelBindings.Of(server);
            Assert.Equal("tls-server-end-point", bindings.ToString());
            Assert.False(bindings.TryGet("tls-exporter", out _));
            Assert.True(bindings.TryGet("tls-server-end-point", out var hash));
            Assert.Equal(SHA256.HashData(((X509Certificate2)server.LocalCertificate!).RawData), hash.ToArray());
        }
    }

    [Fact]
    public void The_hash_is_that_of_the_signature()
    {
        using var sha512 = Certificates.SelfSigned(HashAlgorithmName.SHA512);
        using var rsa384 = Certificates.SelfSignedRsa(HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        Assert.True(new ChannelBindings(null, sha512).TryGet("tls-server-end-point", out var hash));
        Assert.Equal(SHA512.HashData(sha512.RawData), hash.ToArray());
        Assert.True(new ChannelBindings(null, rsa384).TryGet("tls-server-end-point", out hash));
        Assert.Equal(SHA384.HashData(rsa384.RawData), hash.ToArray());
    }

    [Fact]
    public void There_is_none_where_the_signature_names_no_hash_of_its_own_and_without_TLS()
    {
        using var pss = Certificates.SelfSignedRsa(HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        Assert.True(new ChannelBindings(null, pss).IsEmpty);
        Assert.True(ChannelBindings.None.IsEmpty);
        Assert.False(ChannelBindings.None.TryGet("tls-exporter", out _));
    }

    private static async Task<(SslStream Server, SslStream Client)> HandshakeAsync(SslProtocols protocol)
    {
        var transports = new ConnectedTransports();
        var server = new SslStream(new DuplexPipeStream(transports.Server.Input, transports.Server.Output));
        var client = new SslStream(new DuplexPipeStream(transports.Client.Input, transports.Client.Output));
        var serverOptions = new SelfSignedTls().ForHandshake("localhost");
        serverOptions.EnabledSslProtocols = protocol;
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(serverOptions, TestContext.Current.CancellationToken),
            client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true }, TestContext.Current.CancellationToken));
        return (server, client);
    }
}
