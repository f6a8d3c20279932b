using System.Net;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Whether the name that a client says has to be true, where an option asks for it.</summary>
public sealed class HelloNameTests : IAsyncDisposable
{
    private readonly FakeDnsServer _dns = new();

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Theory]
    [InlineData("mx.example.org", false, "250 *")]
    [InlineData("mx.example.org", true, "550 5.7.1 That is our own name*")]
    [InlineData("MX.EXAMPLE.ORG", true, "550 5.7.1 *")]
    [InlineData("client.example.net", true, "250 *")]
    public Task Refuses_our_own_name(string name, bool refuse, string reply) => PlayAsync(name, reply, strictness => strictness with { RefuseOwnName = refuse });

    [Theory]
    [InlineData("there.test", true, "250 *")]
    [InlineData("six.test", true, "250 *")]
    [InlineData("nowhere.test", true, "550 5.7.1 *")]
    [InlineData("empty.test", true, "550 5.7.1 *")]
    [InlineData("trouble.test", true, "250 *")]
    [InlineData("[192.0.2.7]", true, "250 *")]
    [InlineData("nowhere.test", false, "250 *")]
    public async Task Refuses_a_name_without_an_address(string name, bool resolve, string reply)
    {
        _dns.Address("there.test", IPAddress.Loopback).Address("six.test", IPAddress.IPv6Loopback).Empty("empty.test").Trouble("trouble.test", DnsTrouble.ServFail);
        await PlayAsync(name, reply, strictness => strictness with { ResolveName = resolve });
    }

    [Fact]
    public Task Spares_trusted_clients() => PlayAsync("mx.example.org", "250 *", strictness => strictness with { RefuseOwnName = true, ResolveName = true, TrustedNetworks = [IPNetwork.Parse("192.0.2.0/24")] });

    private Task PlayAsync(string name, string reply, Func<StrictnessOptions, StrictnessOptions> configure) => SmtpScene.PlayAsync(Chunking.WholeTurn, $"""
        S: 220 *
        C: HELO {name}
        S: {reply}
        """, configure: options => options with
        {
            Relay = options.Relay with { DnsServers = [_dns.EndPoint], DnsTimeout = TimeSpan.FromMilliseconds(200) },
            Strictness = configure(options.Strictness),
        });
}
