namespace MailSuite.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Files of the product: path from the root with forward slashes, and their lines.</summary>
    internal static IReadOnlyList<SourceFile> Sources { get; } =
    [
        .. new[] { "*.cs", "*.razor" }
            .SelectMany(pattern => Directory.EnumerateFiles(Path.Combine(Root, "src"), pattern, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllLines(Path.Combine(Root, path)))),
    ];

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "MailSuite.sln")))
                return at.FullName;
        }

        throw new DirectoryNotFoundException("No MailSuite.sln above the tests.");
    }
}

internal sealed record SourceFile(string Path, string[] Lines)
{
    internal bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    internal bool IsMigration => Path.Contains("/Migrations/", StringComparison.Ordinal);
}
