using System.Net;
using MailSuite.Mta.Policy;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Policy;

public sealed class RateMeterTests
{
    private static readonly AddressRange One = AddressRange.ClientOf(IPAddress.Parse("192.0.2.1"));
    private static readonly AddressRange Other = AddressRange.ClientOf(IPAddress.Parse("192.0.2.2"));

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Takes_as_many_as_allowed_at_once_and_then_one_for_each_share_of_the_minute()
    {
        var meter = new RateMeter(3, _clock);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(meter.TryTake(One)));
        Assert.True(meter.IsUsedUp(One));
        Assert.False(meter.TryTake(One));
        Assert.True(meter.TryTake(Other));

        _clock.Advance(TimeSpan.FromSeconds(19.9));
        Assert.False(meter.TryTake(One));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(meter.IsUsedUp(One));
        Assert.True(meter.TryTake(One));
        Assert.False(meter.TryTake(One));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(meter.TryTake(One)));
        Assert.False(meter.TryTake(One));
    }

    [Fact]
    public void Remembers_a_bounded_number_and_forgets_those_that_are_quiet_first()
    {
        var meter = new RateMeter(1, _clock);
        for (var i = 0; i < RateMeter.MaxRanges - 1; i++)
            meter.TryTake(new AddressRange((UInt128)i, IsV4: false));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True(meter.TryTake(One));
        Assert.Equal(RateMeter.MaxRanges, meter.Ranges);

        Assert.True(meter.TryTake(Other));
        Assert.Equal(2, meter.Ranges);
        Assert.False(meter.TryTake(One));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("0.0.0.1", "::1", false)]
    public void An_IPv6_network_of_64_bits_is_one_client(string one, string other, bool same) =>
        Assert.Equal(same, AddressRange.ClientOf(IPAddress.Parse(one)) == AddressRange.ClientOf(IPAddress.Parse(other)));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.254", true)]
    [InlineData("192.0.2.1", "192.0.3.1", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", true)]
    [InlineData("2001:db8::1", "2001:db8:1::1", false)]
    public void A_network_has_24_or_48_bits(string one, string other, bool same) =>
        Assert.Equal(same, AddressRange.NetworkOf(IPAddress.Parse(one)) == AddressRange.NetworkOf(IPAddress.Parse(other)));
}
