using System.Text.RegularExpressions;

namespace MailSuite.Mda.Tests.Mime;

/// <summary>The table of a folder's README: mails and items in which we differ from Dovecot, and why.</summary>
internal sealed partial class KnownDifferences
{
    private readonly List<(string Mail, string Item, string Row)> _all = [];
    private readonly HashSet<(string Mail, string Row)> _met = [];

    /// <param name="folder">Of <c>src/Mda</c>.</param>
    internal static KnownDifferences Read(string folder)
    {
        var known = new KnownDifferences();
        foreach (var row in File.ReadLines(Path.Combine(Root(), "src", "Mda", folder, "README.md")).SkipWhile(line => !line.StartsWith("| mails |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')))
        {
            var cells = row.Trim('|').Split(" | ");
            Assert.True(cells.Length == 5 && cells.All(cell => cell.Trim().Length > 0), $"A row of the README says too little: {row}");
            foreach (var mail in Quoted().Matches(cells[0]))
            {
                foreach (var item in Quoted().Matches(cells[1]))
                    known._all.Add((mail.ToString()!.Trim('`'), item.ToString()!.Trim('`'), row));
            }
        }

        return known;
    }

    internal bool Explains(string mail, string item)
    {
        foreach (var known in _all)
        {
            if (known.Mail != mail || !(known.Item == item || known.Item.EndsWith('*') && item.StartsWith(known.Item[..^1], StringComparison.Ordinal)))
                continue;
            _met.Add((mail, known.Row));
            return true;
        }

        return false;
    }

    /// <summary>Mails that were compared and in which there was none of the differences that a row tells.</summary>
    internal IEnumerable<string> Unused(HashSet<string> compared) =>
        _all.Where(known => compared.Contains(known.Mail) && !_met.Contains((known.Mail, known.Row))).Select(known => $"{known.Mail}: {known.Row}").Distinct();

    private static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "MailSuite.sln")))
                return at.FullName;
        }

        throw new DirectoryNotFoundException("The repository is not above the test program.");
    }

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Quoted();
}
