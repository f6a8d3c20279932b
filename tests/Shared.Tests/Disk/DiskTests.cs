using MailSuite.Shared.Disk;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Shared.Tests.Disk;

public sealed class DiskTests
{
    [Fact]
    public void Asks_the_system_again_only_after_a_while()
    {
        using var directory = new TempDirectory();
        var clock = new FakeTimeProvider();
        var space = new FreeSpace(directory.Path, clock);
        var first = space.Octets;
        Assert.True(first > 0);

        File.WriteAllBytes(directory.File("filler"), new byte[32 * 1024 * 1024]);
        Assert.Equal(first, space.Octets);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, space.Octets);
    }

    [Fact]
    public void Does_not_know_what_a_disk_that_is_not_there_holds() => Assert.Null(new FreeSpace("", TimeProvider.System).Octets);

    [Fact]
    public void Syncs_a_directory_and_says_which_one_is_not_there()
    {
        using var directory = new TempDirectory();
        DirectorySync.Sync(directory.Path);
        if (!OperatingSystem.IsWindows())
            Assert.Contains("absent", Assert.Throws<IOException>(() => DirectorySync.Sync(directory.File("absent"))).Message, StringComparison.Ordinal);
    }
}
