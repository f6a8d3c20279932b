using System.Text.RegularExpressions;

namespace MailSuite.Mta.Tests.Smtp.Catalogue;

/// <summary>The tables of <c>src/Mta/Smtp/README.md</c>, row by row.</summary>
internal static partial class Readme
{
    internal const string Path = "src/Mta/Smtp/README.md";

    private static readonly string[] Lines = File.ReadAllLines(System.IO.Path.Combine(SourceTree.Root, Path));

    /// <summary>The rows of the first table under a heading; a cell is its text without the blanks around it.</summary>
    internal static IReadOnlyList<string[]> TableUnder(string heading)
    {
        var rows = Lines
            .SkipWhile(line => line != $"## {heading}").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))
            .Skip(2).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.True(rows.Count > 0, $"{Path} has no table under \"{heading}\".");
        return rows;
    }

    /// <summary>What follows these words, to the end of their paragraph.</summary>
    internal static string ParagraphFrom(string words)
    {
        var paragraph = string.Join('\n', Lines.SkipWhile(line => !line.Contains(words, StringComparison.Ordinal)).TakeWhile(line => line.Length > 0));
        Assert.True(paragraph.Length > 0, $"{Path} does not say \"{words}\".");
        return paragraph[paragraph.IndexOf(words, StringComparison.Ordinal)..];
    }

    internal static IReadOnlyList<int> CodesIn(string cell) => [.. Code().Matches(cell).Select(match => int.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The words that stand between backticks.</summary>
    internal static IReadOnlyList<string> NamesIn(string cell) => [.. Name().Matches(cell).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"(?<![0-9.§])[2-5][0-9]{2}(?![0-9.])")]
    private static partial Regex Code();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
