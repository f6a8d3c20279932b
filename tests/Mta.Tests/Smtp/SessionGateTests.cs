using System.Net;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class SessionGateTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", false)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    public void Counts_by_client_and_takes_an_IPv6_network_for_one(string first, string second, bool admits) =>
        Play(options => options with { MaxSessionsPerAddress = 1 }, first, second, admits);

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "192.0.3.1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("2001:db8::1", "2001:db8:1::1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", true)]
    public void Counts_by_network(string first, string second, bool admits) =>
        Play(options => options with { Strictness = options.Strictness with { MaxSessionsPerNetwork = 1 } }, first, second, admits);

    private static void Play(Func<MtaOptions, MtaOptions> configure, string first, string second, bool admits)
    {
        var options = configure(new MtaOptions { DataDirectory = "", HostName = Domain.Parse("mx.here.test") });
        var gate = new SessionGate(options, new TrustedNetworks(options));
        Assert.Null(gate.Enter(IPAddress.Parse(first)));

        Assert.Equal(admits, gate.Enter(IPAddress.Parse(second)) is null);

        gate.Leave(IPAddress.Parse(first));
        Assert.Null(gate.Enter(IPAddress.Parse(first)));
    }

    [Fact]
    public void Gives_a_place_to_another_client_within_its_limit()
    {
        var options = new MtaOptions { DataDirectory = "", HostName = Domain.Parse("mx.here.test"), MaxSessionsPerAddress = 1 };
        var gate = new SessionGate(options, new TrustedNetworks(options));
        var (proxy, client) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        Assert.Null(gate.Enter(proxy));
        Assert.Null(gate.Move(proxy, client));
        Assert.Null(gate.Move(client, client));
        Assert.Null(gate.Enter(proxy));
        Assert.NotNull(gate.Move(proxy, client));
        Assert.NotNull(gate.Enter(proxy));
        Assert.Null(gate.Move(proxy, null));
        Assert.Null(gate.Enter(proxy));
        gate.Leave(client);
        Assert.Null(gate.Move(null, client));
    }
}
