using System.Text;

namespace MailSuite.Testing.Fuzz;

/// <summary>Makes inputs of valid ones: other octets, other lines, another order, other parts.</summary>
public sealed class Mutator(Random random)
{
    private const int MaxOctets = 4000;

    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4), TimeSpan.FromHours(1)];

    public string Pick(IReadOnlyList<string> from) => from[random.Next(from.Count)];

    /// <summary>A text (each character an octet) that is one of <paramref name="from"/> with some octets changed, rarely something else altogether.</summary>
    public FuzzInput Text(IReadOnlyList<string> from, IReadOnlyList<string> words) => random.Next(20) switch
    {
        0 => FuzzInput.Of(Octets(random.Next(200))),
        1 => Input(string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Pick(words)))),
        _ => Input(Change(Pick(from), words, random.Next(5))),
    };

    /// <summary>A transcript: one of <paramref name="from"/> with lines and octets changed, in parts, now and then with a wait.</summary>
    public FuzzInput Transcript(IReadOnlyList<string> from, IReadOnlyList<string> words)
    {
        var lines = LinesOf(Pick(from));
        for (var n = random.Next(5); n > 0; n--)
            ChangeLines(lines, from);
        var text = Change(string.Concat(lines), words, random.Next(3) == 0 ? random.Next(8) : random.Next(2));
        if (random.Next(60) == 0)
            text += Encoding.Latin1.GetString(Octets(random.Next(1000)));
        return Cut(Encoding.Latin1.GetBytes(text.Length > MaxOctets ? text[..MaxOctets] : text));
    }

    private static FuzzInput Input(string text) => FuzzInput.Of(Encoding.Latin1.GetBytes(text));

    private byte[] Octets(int count)
    {
        var octets = new byte[count];
        random.NextBytes(octets);
        return octets;
    }

    private static List<string> LinesOf(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return lines;
    }

    private void ChangeLines(List<string> lines, IReadOnlyList<string> from)
    {
        var at = random.Next(lines.Count + 1);
        var there = at < lines.Count;
        switch (random.Next(7))
        {
            case 0 when there:
                lines.RemoveAt(at);
                break;
            case 1 when there:
                lines.Insert(random.Next(lines.Count), lines[at]);
                break;
            case 2 when there:
                var other = random.Next(lines.Count);
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
            case 3:
                lines.InsertRange(at, LinesOf(Pick(from)));
                break;
            case 4 when there:
                lines.RemoveRange(at, random.Next(lines.Count - at + 1));
                break;
            case 5 when there:
                lines[at] = lines[at].TrimEnd('\r', '\n') + Pick(["\n", "\r", "", "\r\r\n", "\n\r", " \r\n", "\0\r\n"]);
                break;
            default:
                var donor = LinesOf(Pick(from));
                if (donor.Count > 0)
                    lines.Insert(at, donor[random.Next(donor.Count)]);
                break;
        }
    }

    private string Change(string text, IReadOnlyList<string> words, int times)
    {
        for (; times > 0; times--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(text.Length - at, random.Next(random.Next(4) == 0 ? 20 : 3));
            text = random.Next(6) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, ((char)random.Next(256)).ToString()),
                2 => text.Insert(at, Pick(words)),
                3 => text[..at] + Pick(words) + text[(at + length)..],
                4 => text.Insert(at, text.Substring(at, length)),
                _ => at < text.Length ? text[..at] + (char)(text[at] ^ (1 << random.Next(8))) + text[(at + 1)..] : text,
            };
        }

        return text;
    }

    private FuzzInput Cut(byte[] octets)
    {
        var steps = new List<FuzzStep>();
        var waits = random.Next(20) == 0;
        switch (random.Next(4))
        {
            case 0:
                steps.Add(new FuzzStep(octets, TimeSpan.Zero));
                break;
            case 1 when octets.Length < 600:
                steps.AddRange(octets.Select(octet => new FuzzStep([octet], TimeSpan.Zero)));
                break;
            default:
                var most = random.Next(2) == 0 ? 8 : 200;
                for (var at = 0; at < octets.Length;)
                {
                    var length = Math.Min(octets.Length - at, 1 + random.Next(most));
                    steps.Add(new FuzzStep(octets[at..(at + length)], TimeSpan.Zero));
                    at += length;
                    if (waits && random.Next(10) == 0)
                        steps.Add(new FuzzStep([], Waits[random.Next(Waits.Length)]));
                }

                break;
        }

        return new FuzzInput(steps);
    }
}
