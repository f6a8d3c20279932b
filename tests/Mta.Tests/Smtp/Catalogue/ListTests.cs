using System.Text.RegularExpressions;
using MailSuite.Mta.Smtp.Extensions;

namespace MailSuite.Mta.Tests.Smtp.Catalogue;

/// <summary>The README's lists of extensions, of RFCs and of deviations are what the code does.</summary>
public sealed partial class ListTests
{
    /// <summary>keyword | RFC | file | offered | tests.</summary>
    private static readonly IReadOnlyList<string[]> Extensions = Readme.TableUnder("Extensions");

    private static readonly IReadOnlyDictionary<string, string[]> Product = SourceTree.Under("src");

    [Fact]
    public void Every_extension_in_the_code_has_a_row_and_every_row_its_code()
    {
        var inCode = typeof(ISmtpExtension).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ISmtpExtension))).Select(type => type.Name);
        Assert.Equal(inCode.Order(StringComparer.Ordinal), Extensions.SelectMany(row => Readme.NamesIn(row[2])).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_keyword_that_EHLO_can_offer_has_a_row_and_every_row_is_offered_somewhere()
    {
        var offered = await Scenes.KeywordsAsync();
        Assert.Equal(offered.Order(StringComparer.Ordinal), Extensions.Select(row => row[0].Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_keyword_has_the_tests_that_its_row_names()
    {
        Assert.All(Extensions, row =>
        {
            var keyword = row[0].Split(' ')[0];
            Assert.True(Readme.NamesIn(row[4]).Count > 0, $"{Readme.Path}: the row of {keyword} names no test.");
            Assert.All(Readme.NamesIn(row[4]), name => Assert.True(
                MarkedTest.OfKeywords.Any(test => test.Class == name && test.Row == keyword), $"""{Readme.Path}: {name} has no test that is marked [EhloKeyword("{keyword}")]."""));
        });
        Assert.All(MarkedTest.OfKeywords, test => Assert.True(
            Extensions.Any(row => row[0].Split(' ')[0] == test.Row), $"""{test} is marked [EhloKeyword("{test.Row}")], and the table "Extensions" of {Readme.Path} has no such row."""));
    }

    /// <summary>A mark is the word in capitals with a colon behind it; its entry names the file.</summary>
    [Fact]
    public void Every_deviation_is_marked_in_the_code_and_listed()
    {
        var marked = Product
            .Where(file => file.Key.StartsWith("src/Mta/", StringComparison.Ordinal) || file.Key.StartsWith("src/Shared/", StringComparison.Ordinal))
            .SelectMany(file => file.Value.SelectMany(line => Deviation().Matches(line)).Select(_ => Path.GetFileNameWithoutExtension(file.Key)));
        var listed = Readme.TableUnder("Deviations, known and meant").SelectMany(row => Readme.NamesIn(row[0]));
        Assert.Equal(listed.Order(StringComparer.Ordinal), marked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_RFC_that_the_server_cites_is_listed_and_every_one_listed_is_cited()
    {
        var listed = Readme.TableUnder("RFCs").Select(row => row[0]).ToList();
        Assert.Equal(listed.Distinct(), listed);
        Assert.All(CitedIn("src/Mta/Smtp/"), rfc => Assert.True(listed.Contains(rfc), $"RFC {rfc} is cited in src/Mta/Smtp and has no row under \"RFCs\" in {Readme.Path}."));
        Assert.All(listed, rfc => Assert.True(CitedIn("src/Mta/").Concat(CitedIn("src/Shared/")).Contains(rfc), $"RFC {rfc} is listed in {Readme.Path} and cited nowhere."));
    }

    private static IEnumerable<string> CitedIn(string folder) =>
        Product.Where(file => file.Key.StartsWith(folder, StringComparison.Ordinal)).SelectMany(file => file.Value).SelectMany(line => Rfc().Matches(line)).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex("RFC ([0-9]+)")]
    private static partial Regex Rfc();

    [GeneratedRegex(@"\bDEVIATION\b")]
    private static partial Regex Deviation();
}
