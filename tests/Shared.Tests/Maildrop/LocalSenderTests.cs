using MailSuite.Shared.Addressing;
using MailSuite.Shared.Disk;
using MailSuite.Shared.Maildrop;
using MailSuite.Testing;

namespace MailSuite.Shared.Tests.Maildrop;

public sealed class LocalSenderTests
{
    private static readonly Domain Ours = Domain.Parse("example.org");

    [Theory]
    [InlineData(0, 500, true)]
    [InlineData(33, 500, true)]
    [InlineData(999, 500, true)]
    [InlineData(1000, 500, false)]
    [InlineData(1000, 1000, true)]
    public void Root_services_and_the_server_s_own_user_may_name_anybody(long user, long server, bool trusted) => Assert.Equal(trusted, LocalSender.IsTrusted(user, server));

    [Theory]
    [InlineData("<ann@example.org>", true)]
    [InlineData("<>", true)]
    [InlineData("<bob@example.org>", false)]
    [InlineData("<Ann@example.org>", false)]
    [InlineData("<ann@example.net>", false)]
    public void People_are_themselves_or_nobody(string path, bool owns)
    {
        Assert.True(ReversePath.TryRead(path, out var reversePath, out _));
        Assert.Equal(owns, LocalSender.Owns("ann", reversePath, Ours));
    }

    [Theory]
    [InlineData("Ann Example,Room 7,,", "ann", "Ann Example")]
    [InlineData("& Example", "ann", "Ann Example")]
    [InlineData("", "ann", "")]
    public void A_full_name_is_the_first_part_of_gecos(string gecos, string login, string name) => Assert.Equal(name, UserAccount.NameIn(gecos, login));

    [Fact]
    public void The_system_knows_who_runs_this_and_whose_a_file_is()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux is asked.");

        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("mine"), "");
        Assert.Equal((UserAccount.CurrentId, true), FileOwner.Of(directory.File("mine")));
        Assert.Equal((UserAccount.CurrentId, false), FileOwner.Of(directory.Path));
        File.CreateSymbolicLink(directory.File("link"), directory.File("mine"));
        Assert.Equal((UserAccount.CurrentId, false), FileOwner.Of(directory.File("link")));
        Assert.Null(FileOwner.Of(directory.File("nothing")));
        Assert.Equal("root", UserAccount.Find(0)!.Login);
        Assert.Null(UserAccount.Find(4_000_000_000));
    }

    [Fact]
    public void A_maildrop_tells_what_host_it_is()
    {
        using var directory = new TempDirectory();
        var maildrop = new MaildropDirectory(directory.Path);
        Assert.Null(maildrop.ReadSite());
        maildrop.Create();
        maildrop.WriteSite(new Site(Ours, 1000));
        maildrop.WriteSite(new Site(Ours, 2000));
        Assert.Equal(new Site(Ours, 2000), maildrop.ReadSite());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(maildrop.Path));
    }
}
