using System.Globalization;

namespace MailSuite.Bench.Kill;

/// <param name="Answered">Messages to which their client has read 250.</param>
/// <param name="Lost">Of these, neither at the next host nor reported to their sender.</param>
/// <param name="Unanswered">Messages whose client heard no 250 and that went on all the same, which RFC 1047 allows.</param>
/// <param name="Copies">Copies beyond the first at the next host, of messages and reports.</param>
/// <param name="Unexplained">Of these, not from the window: the settlement had been committed, or nobody was killed.</param>
/// <param name="ReportedTwice">Messages with two different reports.</param>
/// <param name="Left">Messages in the spool when all was done.</param>
/// <param name="AgesAtDeath">Milliseconds from the next host's 250 to the kill, of what was to be sent once more.</param>
/// <param name="Alone">The window in milliseconds, one message at a time.</param>
/// <param name="Together">The same with all sessions.</param>
/// <param name="Complaints">What the program logged in all its lives, warnings and worse.</param>
internal sealed record KillResult(
    int Kills, double Seconds, IReadOnlyDictionary<Moment, int> Moments, int Answered, int Delivered, int Reported, int Lost, int Unanswered, int Copies, int Unexplained, int ReportedTwice, long Left,
    IReadOnlyList<double> AgesAtDeath, IReadOnlyList<double> Alone, IReadOnlyList<double> Together, IReadOnlyList<string> Complaints)
{
    public bool IsGood => Lost == 0 && Unexplained == 0 && ReportedTwice == 0 && Left == 0;

    public static KillResult Of(
        Ledger ledger, int kills, double seconds, long left, IReadOnlyDictionary<Moment, int> moments, IReadOnlyList<double> agesAtDeath,
        IReadOnlyList<double> alone, IReadOnlyList<double> together, IReadOnlyList<string> complaints)
    {
        var messages = ledger.Entries.Where(entry => !entry.IsReport).ToList();
        var copies = ledger.Entries.Where(entry => entry.Copies.Count > 1).ToList();
        return new(
            kills, seconds, moments, messages.Count(entry => entry.Answered),
            messages.Count(entry => entry.Answered && !entry.Copies.IsEmpty), messages.Count(entry => entry.Answered && entry.Reports > 0),
            messages.Count(entry => entry.Answered && !entry.IsEnded),
            messages.Count(entry => !entry.Answered && entry.IsEnded), copies.Sum(entry => entry.Copies.Count - 1),
            copies.Sum(entry => Math.Max(0, entry.Copies.Count - 1 - entry.Explained)), messages.Count(entry => entry.Reports > 1), left,
            [.. agesAtDeath.Order()], alone, together, complaints);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        {Kills} kills in {Seconds:0} s: {string.Join(", ", Moments.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}
        {Answered} messages answered 250: {Delivered} at the next host, {Reported} reported to their sender, {Lost} lost
        {Unanswered} whose client heard nothing went on all the same
        {Copies} copies too many at the next host: {Copies - Unexplained} in the window of RFC 1047, {Unexplained} outside of it
        {ReportedTwice} reported twice, {Left} left in the spool
        next host's 250 to the kill, of what was sent once more: {Times(AgesAtDeath)}
        the window, from the next host's 250 to the commit: one message at a time {Times(Alone)}; many at once {Times(Together)}
        {Complaints.Count} warnings and errors in the log{(Complaints.Count > 0 ? ", the first of them:\n" + string.Join('\n', Complaints.Distinct(StringComparer.Ordinal).Take(5)) : "")}
        """);

    private static string Times(IReadOnlyList<double> sorted) => sorted.Count == 0
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"median {At(sorted, 0.5):0.00} ms, 99 % {At(sorted, 0.99):0.00} ms, longest {sorted[^1]:0.00} ms ({sorted.Count})");

    private static double At(IReadOnlyList<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
