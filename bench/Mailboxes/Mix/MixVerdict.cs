using System.Globalization;

namespace MailSuite.Bench.Mailboxes.Mix;

/// <param name="First">The first wrong answer; <see langword="null"/> when there was none.</param>
/// <param name="Took">How long the load lasted.</param>
/// <param name="Counts">Commands by name, responses, messages.</param>
internal sealed record MixVerdict(WrongAnswer? First, TimeSpan Took, IReadOnlyDictionary<string, long> Counts)
{
    public override string ToString()
    {
        var counts = string.Join(", ", Counts.OrderByDescending(count => count.Value).Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}")));
        var verdict = First is null
            ? "no wrong answer"
            : $"a wrong answer: {First.What}\n  {string.Join("\n  ", First.Dialogue)}";
        return string.Create(CultureInfo.InvariantCulture, $"{Took.TotalSeconds:0} s: {counts}\n{verdict}");
    }
}
