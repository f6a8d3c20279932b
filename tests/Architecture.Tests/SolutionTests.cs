using System.Text.RegularExpressions;

namespace MailSuite.Architecture.Tests;

public sealed partial class SolutionTests
{
    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "MailSuite.sln")).Replace('\\', '/');
        Assert.StartsWith("Microsoft Visual Studio Solution File, Format Version 12.00", solution.TrimStart('\uFEFF', '\r', '\n'), StringComparison.Ordinal);
        var projects = new[] { "src", "tests", "bench" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'));
        Assert.All(projects, project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    /// <summary>A version range would make yesterday's build another one than today's.</summary>
    [Fact]
    public void Packages_are_pinned_in_one_place_and_locked()
    {
        var packages = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));
        // Of this one there has never been anything but betas; it is one version all the same, and no range.
        Assert.All(PackageVersion().Matches(packages).Where(m => !m.Value.StartsWith("<PackageVersion Include=\"OpenTelemetry.Exporter.Prometheus.AspNetCore\" Version=\"1.20.1-beta.1\"", StringComparison.Ordinal)),
            m => Assert.Matches(@"^\d+\.\d+\.\d+$", m.Groups[1].Value));

        foreach (var project in Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch("PackageReference[^>]* Version=", File.ReadAllText(project));
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), $"{project} has no lock file.");
        }
    }

    [GeneratedRegex("<PackageVersion Include=\"[^\"]+\" Version=\"([^\"]+)\"")]
    private static partial Regex PackageVersion();
}
