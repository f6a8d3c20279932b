using System.Globalization;

namespace MailSuite.Bench.Mailboxes.Sync;

/// <summary>One message on one side.</summary>
/// <param name="Flags">Letters of Maildir, sorted: D, F, R, S.</param>
/// <param name="Text">With LF, and without what mbsync puts in to know a message by.</param>
internal sealed record Mail(string Flags, string Text)
{
    private const string MbsyncField = "X-TUID:";

    public static Mail Of(IEnumerable<char> flags, string text) => new(
        string.Concat(flags.Where("DFRS".Contains).Distinct().Order()),
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Where(line => !line.StartsWith(MbsyncField, StringComparison.OrdinalIgnoreCase))));

    /// <summary>By its subject.</summary>
    public string Identity
    {
        get
        {
            const string Field = "\nSubject: ";
            var begin = Text.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
            return Text[begin..Text.IndexOf('\n', begin)];
        }
    }

    public int Number => int.Parse(Identity.AsSpan(Identity.LastIndexOf('.') + 1), CultureInfo.InvariantCulture);
}
