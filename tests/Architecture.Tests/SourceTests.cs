using System.Text.RegularExpressions;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Architecture.Tests;

/// <summary>What holds for every file of the product.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 600;

    [Fact]
    public void No_file_is_longer_than_600_lines() =>
        Assert.All(Repository.Sources.Where(f => !f.IsMigration), file => Assert.True(file.Lines.Length <= MaxLines, $"{file.Path} has {file.Lines.Length} lines."));

    /// <summary>Tests move the clock by hand; what asks the machine's clock escapes them.</summary>
    [Fact]
    public void Time_comes_from_a_TimeProvider_only() => NoLine(f => true, MachineClock());

    /// <summary>The next engine is a server: only these folders know that today's is SQLite.</summary>
    [Fact]
    public void SQLite_is_known_in_folders_of_that_name_only() =>
        NoLine(f => !f.Path.Contains("Sqlite", StringComparison.Ordinal) && !f.IsMigration, SqliteType());

    /// <summary>These names say that a class has no name yet.</summary>
    [Fact]
    public void No_type_is_called_a_service_manager_helper_or_processor() => NoLine(f => true, EmptyName());

    [Fact]
    public void Shared_has_no_attic() =>
        Assert.All(Repository.Sources.Where(f => f.IsIn("src/Shared")), file => Assert.DoesNotMatch("/(Utils?|Helpers?|Common|Misc)/", file.Path));

    public static TheoryData<Type, string> Options => new()
    {
        { typeof(MtaOptions), "src/Mta" },
        { typeof(RelayOptions), "src/Mta" },
        { typeof(MdaOptions), "src/Mda" },
        { typeof(ImapOptions), "src/Mda" },
        { typeof(Pop3Options), "src/Mda" },
        { typeof(MuaOptions), "src/Mua" },
    };

    /// <summary>An option that nobody reads is a promise that nobody keeps.</summary>
    [Theory, MemberData(nameof(Options))]
    public void Every_option_is_read_by_its_module_and_set_by_the_host(Type options, string module)
    {
        var read = string.Join('\n', Repository.Sources.Where(f => f.IsIn(module)).SelectMany(f => f.Lines));
        var set = string.Join('\n', Repository.Sources.Where(f => f.IsIn("src/Host")).SelectMany(f => f.Lines));
        foreach (var property in options.GetProperties().Select(p => p.Name).Where(n => n != "EqualityContract"))
        {
            Assert.Matches($@"\.{property}\b", read);
            Assert.Matches($@"\b{property}\b", set);
        }
    }

    [Fact]
    public void The_root_holds_what_belongs_there_and_nothing_else()
    {
        string[] expected =
        [
            ".ci", ".dockerignore", ".editorconfig", ".gitattributes", ".gitignore", "bench", "CONTRIBUTING.md", "Directory.Build.props", "Directory.Packages.props",
            "docker-compose.yml", "Dockerfile", "global.json", "LICENSE", "MailSuite.sln", "README.md", "src", "tests",
        ];
        string[] ofTheMachine = [".git", ".github", ".vs", ".vscode", ".idea", "artifacts", "TestResults", "data"];
        var there = Directory.EnumerateFileSystemEntries(Repository.Root).Select(Path.GetFileName).Except(ofTheMachine);
        Assert.Equal(expected.Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
    }

    private static void NoLine(Func<SourceFile, bool> where, Regex forbidden)
    {
        var found = Repository.Sources.Where(where).SelectMany(file => file.Lines.Select((line, i) => (file.Path, Number: i + 1, Line: line)))
            .Where(l => forbidden.IsMatch(l.Line) && !l.Line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Select(l => $"{l.Path}:{l.Number}: {l.Line.Trim()}");
        Assert.Empty(found);
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bThread\.Sleep\b|\bEnvironment\.TickCount|\bTask\.Delay\((?!.*[cC]lock)")]
    private static partial Regex MachineClock();

    [GeneratedRegex(@"\bSqlite(Connection|Command|Transaction|DataReader|Exception|Blob|Parameter)\b|\bPRAGMA\b")]
    private static partial Regex SqliteType();

    [GeneratedRegex(@"\b(class|record|struct|interface)\s+\w*(Service|Manager|Helper|Processor)\b")]
    private static partial Regex EmptyName();
}
