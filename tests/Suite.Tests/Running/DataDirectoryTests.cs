using MailSuite.Host.Running;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Running;

public sealed class DataDirectoryTests
{
    [Fact]
    public void Is_made_for_its_owner_only()
    {
        using var parent = new TempDirectory();
        var path = parent.File("data");
        using var data = DataDirectory.Take(path);
        Assert.True(Directory.Exists(path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Is_refused_to_a_second_program_and_free_again_after_the_first()
    {
        using var directory = new TempDirectory();
        using (DataDirectory.Take(directory.Path))
        {
            var refusal = Assert.Throws<StartException>(() => DataDirectory.Take(directory.Path));
            Assert.Contains("Another MailSuite runs on the data directory", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("--port-offset", refusal.Message, StringComparison.Ordinal);
        }

        DataDirectory.Take(directory.Path).Dispose();
    }

    [Fact]
    public void Says_that_it_cannot_be_made()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("file"), "");
        var refusal = Assert.Throws<StartException>(() => DataDirectory.Take(Path.Combine(directory.File("file"), "data")));
        Assert.Contains("cannot be", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--data DIR", refusal.Message, StringComparison.Ordinal);
    }
}
