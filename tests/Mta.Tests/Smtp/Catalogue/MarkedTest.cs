using System.Globalization;
using System.Text.RegularExpressions;

namespace MailSuite.Mta.Tests.Smtp.Catalogue;

/// <summary>A test that says which row it shows, found in the sources of all test projects.</summary>
/// <param name="Body">The test's own lines, by which one sees that it has the code in it.</param>
internal sealed partial record MarkedTest(string Class, string Method, string Row, IReadOnlyList<int> Codes, string Body)
{
    private static readonly IReadOnlyDictionary<string, string[]> Files = SourceTree.Under("tests");

    /// <summary>Those with <c>[Catalogue]</c>.</summary>
    internal static IReadOnlyList<MarkedTest> OfCatalogue { get; } = Find(CatalogueMark());

    /// <summary>Those with <c>[EhloKeyword]</c>, on the method or on the class.</summary>
    internal static IReadOnlyList<MarkedTest> OfKeywords { get; } = Find(KeywordMark());

    public override string ToString() => $"{Class}.{Method}";

    private static List<MarkedTest> Find(Regex mark) =>
    [
        .. from file in Files
           from found in file.Value.Select((line, index) => (Match: mark.Match(line), Index: index))
           where found.Match.Success
           select At(file.Key, file.Value, found.Index, found.Match),
    ];

    private static MarkedTest At(string path, string[] lines, int index, Match mark)
    {
        var signature = Array.FindIndex(lines, index, line => Signature().IsMatch(line));
        Assert.True(signature >= 0, $"{path}:{index + 1}: the mark stands above no test.");
        // From its first attribute to the next test's.
        var end = Array.FindIndex(lines, signature, line => line.StartsWith("    [", StringComparison.Ordinal));
        var codes = mark.Groups["codes"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(code => int.Parse(code, CultureInfo.InvariantCulture));
        return new MarkedTest(
            Path.GetFileNameWithoutExtension(path), Signature().Match(lines[signature]).Groups["name"].Value, mark.Groups["row"].Value, [.. codes],
            string.Join('\n', lines[index..(end < 0 ? lines.Length : end)]));
    }

    [GeneratedRegex("""^\s*\[Catalogue\("(?<row>[^"]+)"(?:, (?<codes>[0-9, ]+))?\)\]""")]
    private static partial Regex CatalogueMark();

    [GeneratedRegex("""^\s*\[EhloKeyword\("(?<row>[^"]+)"\)\]""")]
    private static partial Regex KeywordMark();

    [GeneratedRegex(@"^\s*(?:public (?:async )?(?:Task|void) |(?:public|internal) (?:sealed )?(?:partial )?class )(?<name>\w+)")]
    private static partial Regex Signature();
}
