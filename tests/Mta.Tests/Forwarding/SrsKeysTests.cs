using MailSuite.Mta.Forwarding;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Forwarding;

public sealed class SrsKeysTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string FilePath => _directory.File("srs.keys");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Are_made_at_the_first_start_for_the_owner_alone_and_kept()
    {
        await Keys().StartAsync(CancellationToken.None);
        var text = await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken);
        Assert.Equal(3, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        var key = Assert.Single(Keys().All);
        Assert.Equal(44, key.Length);

        await Keys().StartAsync(CancellationToken.None);
        Assert.Equal(text, await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken));
        Assert.Equal([FilePath], Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(0, false)]
    public void Are_one_to_sixteen(int count, bool good)
    {
        File.WriteAllLines(FilePath, ["# comment", "", .. Enumerable.Range(0, count).Select(i => $"  a key that is long enough {i}")]);
        if (good)
            Assert.Equal(count, Keys().All.Count);
        else
            Assert.Contains(FilePath, Assert.Throws<InvalidDataException>(() => Keys().All).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Have_sixteen_octets_at_least()
    {
        File.WriteAllText(FilePath, new string('k', 16));
        Assert.Single(Keys().All);
        File.WriteAllText(FilePath, new string('k', 15));
        Assert.DoesNotContain("kkk", Assert.Throws<InvalidDataException>(() => Keys().All).Message, StringComparison.Ordinal);
    }

    private SrsKeys Keys() => new(new MtaOptions { DataDirectory = _directory.Path, HostName = Domain.Parse("here.test") });
}
