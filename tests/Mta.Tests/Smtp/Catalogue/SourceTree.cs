namespace MailSuite.Mta.Tests.Smtp.Catalogue;

/// <summary>The files that these tests were built from.</summary>
internal static class SourceTree
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Source files below a folder, by path from the root with forward slashes.</summary>
    internal static IReadOnlyDictionary<string, string[]> Under(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "Migrations"))
            .ToDictionary(path => path, path => File.ReadAllLines(Path.Combine(Root, path)), StringComparer.Ordinal);

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
