using System.Globalization;
using System.Text.RegularExpressions;

namespace MailSuite.Mta.Tests.Smtp.Catalogue;

/// <summary>The tables of commands and of reply codes in the README stand for tests, row for row, and the tests for rows.</summary>
public sealed class CatalogueTests
{
    /// <summary>verb | RFC | allowed | replies | tests.</summary>
    private static readonly IReadOnlyList<string[]> Commands = Readme.TableUnder("Commands");

    /// <summary>code | situation | tests.</summary>
    private static readonly IReadOnlyList<string[]> Codes = Readme.TableUnder("Reply codes");

    private static readonly HashSet<string> CommandRows = [.. Commands.SelectMany(row => Readme.CodesIn(row[3]).Select(code => $"{row[0]} {code}"))];

    private static readonly HashSet<string> CodeRows = [.. Codes.Select(row => row[0])];

    /// <summary>What the owner's source names: every row of it is a row of ours.</summary>
    private static readonly string[] SourceCommands = ["HELO", "MAIL", "RCPT", "DATA", "RSET", "SEND", "SOML", "SAML", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "TURN"];

    private static readonly string[] SourceCodes =
        ["211", "214", "220", "221", "250", "251", "354", "421", "450", "451", "452", "500", "501", "502", "503", "504", "550", "551", "552", "553", "554"];

    [Fact]
    public void Every_reply_of_every_command_has_a_test_that_names_it() => Assert.All(CommandRows, row =>
        Assert.True(
            MarkedTest.OfCatalogue.Any(test => test.Codes.Any(code => $"{test.Row} {code}" == row)),
            $"""{Readme.Path} says that {row.Replace(" ", " may answer ", StringComparison.Ordinal)}. Mark the dialogue test that shows it: [Catalogue("{row.Split(' ')[0]}", {row.Split(' ')[1]})]."""));

    [Fact]
    public void Every_reply_code_has_a_test_of_its_situation() => Assert.All(Codes, row =>
        Assert.True(MarkedTest.OfCatalogue.Any(test => test.Row == row[0]), $"""{Readme.Path}: no test is marked [Catalogue("{row[0]}")] for: {row[1]}"""));

    [Fact]
    public void Every_marked_test_names_a_row() => Assert.All(MarkedTest.OfCatalogue, test =>
    {
        if (test.Codes.Count == 0)
            Assert.True(CodeRows.Contains(test.Row), $"""{test} is marked [Catalogue("{test.Row}")], and the table "Reply codes" of {Readme.Path} has no such row.""");
        Assert.All(test.Codes, code => Assert.True(
            CommandRows.Contains($"{test.Row} {code}"), $"""{test} shows that {test.Row} answers {code}, and the table "Commands" of {Readme.Path} does not say so."""));
    });

    [Fact]
    public void A_marked_test_has_the_reply_in_it() => Assert.All(MarkedTest.OfCatalogue, test =>
    {
        foreach (var code in test.Codes.Count > 0 ? test.Codes.Select(code => code.ToString(CultureInfo.InvariantCulture)) : [test.Row])
            Assert.True(Regex.IsMatch(test.Body, $@"\b{code}\b", RegexOptions.None, TimeSpan.FromSeconds(5)), $"{test} is marked for {code}, which it does not expect.");
        if (test.Codes.Count > 0)
            Assert.True(test.Body[test.Body.IndexOf(']', StringComparison.Ordinal)..].Contains(test.Row, StringComparison.OrdinalIgnoreCase), $"{test} is marked for {test.Row}, which it does not say.");
    });

    [Fact]
    public void The_tests_that_a_row_names_are_marked_for_it()
    {
        Assert.All(Commands, row => Assert.All(Readme.NamesIn(row[4]), name =>
            Assert.True(MarkedTest.OfCatalogue.Any(test => test.Class == name && test.Row == row[0]), $"{Readme.Path}: {name} has no test that is marked for {row[0]}.")));
        Assert.All(Codes, row => Assert.All(Readme.NamesIn(row[2]), name =>
            Assert.True(MarkedTest.OfCatalogue.Any(test => test.Class == name && test.Row == row[0]), $"{Readme.Path}: {name} has no test that is marked for {row[0]}.")));
        Assert.All(Commands, row => Assert.NotEmpty(Readme.NamesIn(row[4])));
        Assert.All(Codes, row => Assert.NotEmpty(Readme.NamesIn(row[2])));
    }

    [Fact]
    public void The_table_has_every_command_that_there_is()
    {
        var table = Commands.Select(row => row[0]).ToList();
        Assert.Equal(table.Distinct(), table);
        Assert.Empty(Scenes.Verbs().Except(table));
        Assert.Empty(SourceCommands.Except(table));
    }

    [Fact]
    public void What_is_said_not_to_be_given_is_given_nowhere()
    {
        var said = Readme.CodesIn(Readme.ParagraphFrom("Not given here:"));
        Assert.NotEmpty(said);
        var replies = string.Join('\n', SourceTree.Under("src/Mta/Smtp/Replies").Values.SelectMany(lines => lines));
        Assert.All(said, code => Assert.DoesNotContain($"({code},", replies, StringComparison.Ordinal));
        Assert.Empty(said.Select(code => code.ToString(CultureInfo.InvariantCulture)).Intersect(CodeRows));
    }

    [Fact]
    public void The_table_has_every_reply_code_of_the_source_and_every_one_that_a_command_gives()
    {
        Assert.Empty(SourceCodes.Except(CodeRows));
        Assert.Empty(Commands.SelectMany(row => Readme.CodesIn(row[3])).Select(code => code.ToString(CultureInfo.InvariantCulture)).Except(CodeRows));
    }
}
