using System.Globalization;
using System.Text;

namespace MailSuite.Testing.Dialogue;

/// <summary>One step of a dialogue.</summary>
public abstract record DialogueStep
{
    private DialogueStep()
    {
    }

    /// <summary>The server says this line; <c>*</c> stands for any text.</summary>
    public sealed record Expect(string Pattern) : DialogueStep;

    /// <summary>The server says a reply of several lines, whatever they are but for these.</summary>
    /// <param name="Code">The reply code of each line.</param>
    /// <param name="With">Patterns, each of which a line has to match.</param>
    /// <param name="Without">Patterns that no line may match.</param>
    public sealed record ExpectLines(string Code, IReadOnlyList<string> With, IReadOnlyList<string> Without) : DialogueStep;

    /// <summary>The server closes.</summary>
    public sealed record ExpectClose : DialogueStep;

    /// <summary>The client sends all of this in one turn.</summary>
    public sealed record Send(byte[] Octets) : DialogueStep;

    /// <summary>The client sends nothing more.</summary>
    public sealed record Close : DialogueStep;

    public sealed record BeginTls : DialogueStep;

    /// <summary>The clock is moved.</summary>
    public sealed record Wait(TimeSpan Time) : DialogueStep;

    /// <summary>The server is told that the program is about to end.</summary>
    public sealed record Stop : DialogueStep;
}

/// <summary>A protocol dialogue as text, in the manner of the RFCs' examples.</summary>
/// <remarks>
/// <para><c>S: text</c> is a line of the server, <c>*</c> any text in it; <c>S: (closed)</c> its end of the connection.
/// <c>S: (250-...)</c> is a reply of any number of lines, <c>S: (250-... AUTH *, !STARTTLS)</c> one with a line of the first kind and none of the second.</para>
/// <para><c>C: text</c> is a line of the client, CRLF is added; lines that follow one another are one turn. <c>C> text</c> is sent as it
/// stands, with <c>\r \n \0 \t \\</c> and <c>\xHH</c> for octets. <c>C: (close)</c>, <c>C: (TLS)</c>.</para>
/// <para><c>T: 00:05:00</c> moves the clock, <c>T: (stop)</c> stops the program. Empty lines and those that begin with <c>#</c> are passed over.</para>
/// </remarks>
public static class DialogueScript
{
    public static IReadOnlyList<DialogueStep> Parse(string text)
    {
        var steps = new List<DialogueStep>();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            if (line.Trim().Length == 0 || line.TrimStart().StartsWith('#'))
                continue;
            Add(steps, line.TrimStart());
        }

        return steps;
    }

    private static void Add(List<DialogueStep> steps, string line)
    {
        var rest = line.Length > 3 ? line[3..] : "";
        switch (line[..2], rest)
        {
            case ("S:", "(closed)"):
                steps.Add(new DialogueStep.ExpectClose());
                break;
            case ("S:", ['(', _, _, _, '-', '.', '.', '.', .., ')']):
                steps.Add(Lines(rest));
                break;
            case ("S:", _):
                steps.Add(new DialogueStep.Expect(rest));
                break;
            case ("C:", "(close)"):
                steps.Add(new DialogueStep.Close());
                break;
            case ("C:", "(TLS)"):
                steps.Add(new DialogueStep.BeginTls());
                break;
            case ("C:", _):
                AddTurn(steps, Encoding.UTF8.GetBytes(rest + "\r\n"));
                break;
            case ("C>", _):
                AddTurn(steps, Unescape(rest));
                break;
            case ("T:", "(stop)"):
                steps.Add(new DialogueStep.Stop());
                break;
            case ("T:", _):
                steps.Add(new DialogueStep.Wait(TimeSpan.Parse(rest, CultureInfo.InvariantCulture)));
                break;
            default:
                throw new FormatException($"No line of a dialogue: {line}");
        }
    }

    private static DialogueStep.ExpectLines Lines(string text)
    {
        var patterns = text[8..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new DialogueStep.ExpectLines(text[1..4], [.. patterns.Where(pattern => pattern[0] != '!')], [.. patterns.Where(pattern => pattern[0] == '!').Select(pattern => pattern[1..])]);
    }

    private static void AddTurn(List<DialogueStep> steps, byte[] octets)
    {
        if (steps is [.., DialogueStep.Send turn])
            steps[^1] = new DialogueStep.Send([.. turn.Octets, .. octets]);
        else
            steps.Add(new DialogueStep.Send(octets));
    }

    private static byte[] Unescape(string text)
    {
        var octets = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                octets.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
                continue;
            }

            switch (text[++i])
            {
                case 'x':
                    octets.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                case var escape:
                    octets.Add(escape switch { 'r' => 13, 'n' => 10, 't' => 9, '0' => 0, _ => (byte)escape });
                    break;
            }
        }

        return [.. octets];
    }
}
