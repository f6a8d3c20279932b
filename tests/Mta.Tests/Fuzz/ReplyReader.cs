using System.Globalization;
using System.Text;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>A reply as the grammar of RFC 5321 §4.2 and RFC 2034 §4 has it.</summary>
/// <param name="Status">The enhanced code at the head of the lines; <see langword="null"/> for none.</param>
internal sealed record ReadReply(int Code, string? Status, IReadOnlyList<string> Lines)
{
    public override string ToString() => string.Join(" / ", Lines);
}

internal static class ReplyReader
{
    private const int MaxLineOctets = 512;

    /// <exception cref="FuzzException">It is no sequence of replies.</exception>
    public static List<ReadReply> Read(byte[] output)
    {
        var text = Encoding.Latin1.GetString(output);
        FuzzException.Unless(text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal), "a reply without its CRLF", text);
        var replies = new List<ReadReply>();
        var lines = new List<string>();
        foreach (var line in text.Split("\r\n")[..^1])
        {
            FuzzException.Unless(line.Length + 2 <= MaxLineOctets, "a reply line that is too long", line);
            FuzzException.Unless(line.Length >= 4 && IsCode(line) && line[3] is ' ' or '-', "no reply line", line);
            FuzzException.Unless(line.All(c => c is >= ' ' and <= '~'), "a reply with characters that it cannot have", line);
            FuzzException.Unless(lines.Count == 0 || lines[0][..3] == line[..3], "a reply with two codes", line);
            lines.Add(line);
            if (line[3] == '-')
                continue;
            replies.Add(Of(lines));
            lines = [];
        }

        FuzzException.Unless(lines.Count == 0, "a reply without its last line", text);
        return replies;
    }

    private static ReadReply Of(List<string> lines)
    {
        var statuses = lines.Select(line => StatusOf(line[4..])).Distinct().ToList();
        var code = int.Parse(lines[0][..3], CultureInfo.InvariantCulture);
        var status = statuses.Count == 1 ? statuses[0] : null;
        FuzzException.Unless(status is null || status[0] == lines[0][0], "an enhanced code of another class", lines[0]);
        return new ReadReply(code, status, lines);
    }

    private static bool IsCode(string line) => line[0] is >= '2' and <= '5' && line[1] is >= '0' and <= '5' && char.IsAsciiDigit(line[2]);

    private static string? StatusOf(string text)
    {
        var word = text.Split(' ')[0];
        var parts = word.Split('.');
        return parts.Length == 3 && parts[0] is "2" or "4" or "5" && parts.Skip(1).All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit)) ? word : null;
    }
}
