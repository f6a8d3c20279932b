using System.Globalization;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Delivery;

/// <summary>What another host answered (RFC 5321 §4.2).</summary>
/// <param name="Code">200 to 599.</param>
/// <param name="Lines">The texts of its lines, without the code; at least one.</param>
internal sealed record RemoteReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>421: it closes the connection, whatever the command was (RFC 5321 §3.8).</summary>
    public const int Closing = 421;

    /// <summary>Characters of a reply that are shown.</summary>
    private const int MaxCharacters = 4000;

    public bool IsPositive => Code is >= 200 and < 300;

    public bool IsTransient => Code is >= 400 and < 500;

    public bool IsPermanent => Code >= 500;

    /// <summary>Its enhanced status code where it gives one that fits, else the class alone: 4.0.0, 5.0.0 (RFC 3463 §2).</summary>
    public EnhancedStatusCode Status => EnhancedStatusCode.TryReadPrefix(Lines[0], out var status) && status.Class == Code / 100
        ? status
        : new EnhancedStatusCode(Code / 100, 0, 0);

    /// <summary>The lines as they came, separated by LF; of a very long reply the beginning.</summary>
    /// <remarks>It is kept for each recipient and told in reports, where a hostile host's words for a thousand recipients add up.</remarks>
    public override string ToString()
    {
        var text = string.Join('\n', Lines.Select((line, i) => string.Create(CultureInfo.InvariantCulture, $"{Code}{(i < Lines.Count - 1 ? '-' : ' ')}{line}")));
        return text.Length <= MaxCharacters ? text : text[..(MaxCharacters - (char.IsHighSurrogate(text[MaxCharacters - 1]) ? 1 : 0))] + "\u2026";
    }

    /// <summary>Reads one reply line: three digits, then a blank or the end for the last line, a hyphen for one that others follow.</summary>
    public static bool TryReadLine(ReadOnlySpan<char> line, out int code, out bool last, out string text)
    {
        (code, last, text) = (0, false, "");
        if (line.Length < 3 || line[0] is < '2' or > '5' || !char.IsAsciiDigit(line[1]) || !char.IsAsciiDigit(line[2]))
            return false;
        if (line.Length > 3 && line[3] is not (' ' or '-'))
            return false;

        code = int.Parse(line[..3], NumberStyles.None, CultureInfo.InvariantCulture);
        last = line.Length == 3 || line[3] == ' ';
        text = line.Length > 4 ? line[4..].ToString() : "";
        return true;
    }
}
