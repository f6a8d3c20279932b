using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Acceptance;

public sealed class DiskSpaceTests
{
    [Fact]
    public void Has_room_up_to_the_octets_that_must_stay_free()
    {
        using var directory = new TempDirectory();
        var options = new MtaOptions { DataDirectory = directory.Path, HostName = Domain.Parse("mx.example.org") };
        var free = new DriveInfo(directory.Path).AvailableFreeSpace;
        Assert.True(new DiskSpace(options with { MinFreeOctets = 0 }, TimeProvider.System).HasRoomFor(0));
        Assert.True(new DiskSpace(options with { MinFreeOctets = free / 2 }, TimeProvider.System).HasRoomFor(free / 4));
        Assert.False(new DiskSpace(options with { MinFreeOctets = free / 2 }, TimeProvider.System).HasRoomFor(free));
        Assert.False(new DiskSpace(options with { MinFreeOctets = long.MaxValue / 2 }, TimeProvider.System).HasRoomFor(0));
    }

    [Fact]
    public void Says_yes_where_the_disk_cannot_be_asked()
    {
        var clock = new FakeTimeProvider();
        Assert.True(new DiskSpace(new MtaOptions { DataDirectory = "/no/such/place", HostName = Domain.Parse("mx.example.org"), MinFreeOctets = 0 }, clock).HasRoomFor(1));
    }
}
