namespace MailSuite.Testing;

/// <summary>Vectors that nobody here wrote and that are not kept in this repository: addresses, odd messages.</summary>
/// <remarks>
/// <c>MAILSUITE_TEST_DATA</c> names their folder; without it a folder <c>shared/data</c> beside the repository is tried. Tests that want
/// them skip and say so where they are absent.
/// </remarks>
public static class TestVectors
{
    /// <summary>The folder; <see langword="null"/> where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>What a test says when it skips.</summary>
    public const string Absent = "The test vectors are not on this machine: set MAILSUITE_TEST_DATA to their folder.";

    /// <summary>Every message file below a folder of the vectors.</summary>
    public static IReadOnlyList<string> Messages() => Folder is null ? [] :
    [
        .. Directory.EnumerateFiles(Path.Combine(Folder, "mime"), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".msg" or ".raw" or ".eml").Order(StringComparer.Ordinal),
    ];

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MAILSUITE_TEST_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "MailSuite.sln")))
                continue;
            var beside = Path.Combine(at.Parent?.FullName ?? at.FullName, "shared", "data");
            return Directory.Exists(beside) ? beside : null;
        }

        return null;
    }
}
