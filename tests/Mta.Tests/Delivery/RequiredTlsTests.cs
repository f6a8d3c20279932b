using MailSuite.Mta.Delivery;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>How much TLS a transport demands, and what becomes of the mail when a host does not give it.</summary>
public sealed class RequiredTlsTests : IDisposable
{
    private const string Plain = "Subject: x\r\n\r\nHello.\r\n";

    private readonly TempDirectory _directory = new();
    private readonly CertificateAuthority _authority = new();

    public RequiredTlsTests() => File.WriteAllText(_directory.File("authorities.pem"), _authority.Pem);

    [Theory]
    [InlineData("None", false)]
    [InlineData("Opportunistic", true)]
    [InlineData("Encrypt", true)]
    [InlineData("Verify", true)]
    public async Task Uses_TLS_as_the_transport_says(string level, bool expected)
    {
        await using var scene = Scene(level);
        using var certificate = _authority.Sign("mx1.there.test");
        scene.Peer.Certificate = certificate;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Delivered 2.0.0", Outcome(report));
        Assert.Equal(expected, scene.Peer.Messages[0].Tls is not null);
        Assert.Equal(expected, report.Sessions[0].Tls is { PeerVerified: true });
        Assert.Contains(expected ? "certificate verified" : "without TLS", report.Sessions[0].Security, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Encrypt")]
    [InlineData("Verify")]
    public async Task Never_goes_in_clear_where_TLS_is_required_and_not_offered(string level)
    {
        await using var scene = Scene(level);

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Deferred 4.7.4", Outcome(report));
        Assert.Equal("TLS is required for mx1.there.test, and it does not offer it (no STARTTLS).", report.Results[0].Outcome.Reason);
        await NothingInClearAsync(scene);
    }

    [Theory]
    [InlineData("Encrypt")]
    [InlineData("Verify")]
    public async Task Never_goes_in_clear_where_TLS_is_required_and_refused(string level)
    {
        await using var scene = Scene(level);
        scene.Peer.Extensions = ["STARTTLS"];
        scene.Peer.OnCommand = line => line == "STARTTLS" ? "454 4.7.0 not now" : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Deferred 4.7.4", Outcome(report));
        Assert.Equal("454 4.7.0 not now", report.Results[0].Outcome.RemoteReply);
        await NothingInClearAsync(scene);
    }

    [Theory]
    [InlineData("Encrypt")]
    [InlineData("Verify")]
    public async Task Never_goes_in_clear_where_TLS_is_required_and_the_handshake_fails(string level)
    {
        await using var scene = Scene(level);
        scene.Peer.Extensions = ["STARTTLS"]; // and no certificate

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Deferred 4.7.5", Outcome(report));
        Assert.Equal(1, scene.Peer.Connections);
        await NothingInClearAsync(scene);
    }

    [Theory]
    [InlineData("self-signed", "nobody whom we trust has signed it")]
    [InlineData("another name", "it is not for mx1.there.test")]
    [InlineData("expired", "only")]
    public async Task Says_what_is_wrong_with_a_certificate_and_sends_only_where_that_does_not_matter(string fault, string why)
    {
        using var certificate = fault switch
        {
            "self-signed" => SmtpPeerCertificate.SelfSigned("mx1.there.test"),
            "expired" => _authority.Sign("mx1.there.test", isExpired: true),
            _ => _authority.Sign("mx.elsewhere.test"),
        };

        await using var strict = Scene("Verify");
        strict.Peer.Certificate = certificate;
        var report = await strict.SendAsync(Plain, "bob@there.test");
        Assert.Equal("Deferred 4.7.5", Outcome(report));
        Assert.Contains(why, report.Results[0].Outcome.Reason, StringComparison.Ordinal);
        await NothingInClearAsync(strict);

        await using var lax = Scene("Encrypt");
        lax.Peer.Certificate = certificate;
        report = await lax.SendAsync(Plain, "bob@there.test");
        Assert.Equal("Delivered 2.0.0", Outcome(report));
        Assert.NotNull(lax.Peer.Messages[0].Tls);
        Assert.Contains(why, report.Sessions[0].Security, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_to_the_next_host_when_the_first_does_not_give_what_is_required()
    {
        await using var scene = new CourierScene(hosts: 2) { Transport = new Transport("out", 0) { Tls = TlsPolicy.Verify }, Options = new() { TrustedCertificates = _directory.File("authorities.pem") } };
        using var certificate = _authority.Sign("mx2.there.test");
        scene.Peers[1].Certificate = certificate;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("Delivered 2.0.0", Outcome(report));
        Assert.NotNull(Assert.Single(scene.Peers[1].Messages).Tls);
        Assert.Empty(scene.Peer.Messages);
    }

    [Theory]
    [InlineData(true, "Delivered 2.0.0")]
    [InlineData(false, "Deferred 4.7.5")]
    public async Task Begins_TLS_with_the_connection_where_that_is_so(bool isGood, string outcome)
    {
        await using var scene = Scene("Verify", implicitTls: true);
        using var certificate = isGood ? _authority.Sign("mx1.there.test") : SmtpPeerCertificate.SelfSigned("mx1.there.test");
        scene.Peer.Certificate = certificate;
        scene.Peer.ImplicitTls = true;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(outcome, Outcome(report));
        Assert.DoesNotContain("STARTTLS", scene.Peer.Commands);
        Assert.Equal(isGood ? 1 : 0, scene.Peer.Messages.Count(message => message.Tls is not null));
        Assert.Equal(isGood ? 1 : 0, scene.Peer.Messages.Count);
    }

    [Fact]
    public async Task Does_not_go_in_clear_to_a_port_of_implicit_TLS()
    {
        await using var scene = Scene("Opportunistic", implicitTls: true);

        Assert.Equal("Deferred 4.7.5", Outcome(await scene.SendAsync(Plain, "bob@there.test")));
        Assert.DoesNotContain(scene.Peer.Commands, command => command.StartsWith("EHLO", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    private CourierScene Scene(string level, bool implicitTls = false) => new()
    {
        Transport = new Transport("out", 0) { Tls = Enum.Parse<TlsPolicy>(level), ImplicitTls = implicitTls },
        Options = new() { TrustedCertificates = _directory.File("authorities.pem") },
    };

    private static async Task NothingInClearAsync(CourierScene scene)
    {
        await scene.CloseAsync();
        Assert.Empty(scene.Peer.Messages);
        Assert.DoesNotContain(scene.Peer.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    private static string Outcome(CourierReport report) => Assert.Single(report.Results.Select(result => $"{result.Outcome.Kind} {result.Outcome.Status}"));
}
