using System.Net;
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
    public void Counts_by_client_and_takes_an_IPv6_network_for_one(string first, string second, bool admits)
    {
        var gate = new SessionGate(new MtaOptions { DataDirectory = "", HostName = Domain.Parse("mx.here.test"), MaxSessionsPerAddress = 1 });
        Assert.Null(gate.Enter(IPAddress.Parse(first)));

        Assert.Equal(admits, gate.Enter(IPAddress.Parse(second)) is null);

        gate.Leave(IPAddress.Parse(first));
        Assert.Null(gate.Enter(IPAddress.Parse(first)));
    }

    [Fact]
    public void Gives_a_place_to_another_client_within_its_limit()
    {
        var gate = new SessionGate(new MtaOptions { DataDirectory = "", HostName = Domain.Parse("mx.here.test"), MaxSessionsPerAddress = 1 });
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
