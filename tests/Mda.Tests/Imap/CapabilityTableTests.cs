using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MailSuite.Mda.Imap.Capabilities;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>The table of capabilities in README.md says what the code says, and names files and tests that there are.</summary>
public sealed class CapabilityTableTests
{
    private static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src/Mda/Imap"));

    [Fact]
    public async Task The_readme_lists_what_the_code_lists()
    {
        await using var scene = new ImapScene();
        var capabilities = scene.Mda.Services.GetRequiredService<ImapCapabilities>();
        Assert.Equal(capabilities.All.Select(capability => capability.Name).Order(StringComparer.Ordinal), Rows().Select(row => row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_files_and_tests_exist()
    {
        var tests = typeof(CapabilityTableTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        Assert.All(Rows(), row =>
        {
            Assert.Matches("^[0-9]+", row[1]);
            Assert.True(File.Exists(Path.Combine(Folder, row[2])), $"{row[0]}: there is no file {row[2]}");
            var named = Regex.Matches(row[3], "`([A-Za-z0-9]+)`").Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, tests));
        });
    }

    private static List<string[]> Rows()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "README.md"));
        return [.. lines.SkipWhile(line => !line.StartsWith("| capability |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
