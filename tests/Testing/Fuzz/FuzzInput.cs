using System.Globalization;
using System.Text;
using MailSuite.Testing.Dialogue;

namespace MailSuite.Testing.Fuzz;

/// <summary>What a target is given: octets, in the parts in which they arrive, and waits between them. Its text is a dialogue.</summary>
public sealed class FuzzInput(params IReadOnlyList<FuzzStep> steps)
{
    public IReadOnlyList<FuzzStep> Steps => steps;

    /// <summary>All octets, as if they had come at once.</summary>
    public byte[] Octets { get; } = [.. steps.SelectMany(step => step.Octets)];

    /// <summary>The octets as characters of the same number.</summary>
    public string Latin1 => Encoding.Latin1.GetString(Octets);

    /// <summary>The octets as a command line has its characters; none where they are no UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Octets);

    public bool HasWaits => steps.Any(step => step.Wait > TimeSpan.Zero);

    public static FuzzInput Of(byte[] octets) => new(new FuzzStep(octets, TimeSpan.Zero));

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    public static FuzzInput Parse(string text) => new([
        .. from line in text.Split('\n')
           let step = DialogueScript.Parse(line).FirstOrDefault()
           where step is DialogueStep.Send or DialogueStep.Wait
           select step is DialogueStep.Send send ? new FuzzStep(send.Octets, TimeSpan.Zero) : new FuzzStep([], ((DialogueStep.Wait)step).Time)]);

    public override string ToString() => string.Join('\n', steps.Select(step => step.Wait > TimeSpan.Zero ? $"T: {step.Wait:c}" : "C> " + Escape(step.Octets)));

    private static string Escape(byte[] octets)
    {
        var text = new StringBuilder(octets.Length);
        foreach (var octet in octets)
        {
            _ = octet switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\\' => text.Append("\\\\"),
                > (byte)' ' and <= (byte)'~' => text.Append((char)octet),
                (byte)' ' when text.Length > 0 => text.Append(' '),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}"),
            };
        }

        // A blank at the end would not be seen.
        return text is [.., _] && text[^1] == ' ' ? text.ToString(0, text.Length - 1) + "\\x20" : text.ToString();
    }
}

/// <summary>A part of the octets, or a wait.</summary>
public readonly record struct FuzzStep(byte[] Octets, TimeSpan Wait);
