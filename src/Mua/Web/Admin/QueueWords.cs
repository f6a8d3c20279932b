using System.Globalization;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mua.Web.Admin;

/// <summary>The queue in words for people.</summary>
internal static class QueueWords
{
    /// <summary>The limits of <see cref="QueueSummary.AgeLimits"/>, and what is older.</summary>
    internal static readonly IReadOnlyList<string> Ages = [.. QueueSummary.AgeLimits.Select(limit => $"under {Span(limit)}"), $"{Span(QueueSummary.AgeLimits[^1])} and more"];

    /// <summary>The same for the head of a narrow column.</summary>
    internal static readonly IReadOnlyList<string> ShortAges = [.. QueueSummary.AgeLimits.Select(Short), $"{Short(QueueSummary.AgeLimits[^1])}+"];

    internal static string Name(QueueState state) => state switch
    {
        QueueState.FailedSilently => "Failed, nobody told",
        QueueState.Returned => "Returned to its sender",
        _ => state.ToString(),
    };

    /// <summary>A class of the style sheet.</summary>
    internal static string Tone(QueueState state) => state switch
    {
        QueueState.Waiting => "wait",
        QueueState.Delivered => "good",
        QueueState.Held or QueueState.Dropped => "calm",
        _ => "bad",
    };

    internal static string Name(QueueAction action) => action switch
    {
        QueueAction.Return => "Return to sender",
        _ => action.ToString(),
    };

    /// <summary>What an order does, before it is given.</summary>
    internal static string Promise(QueueAction action) => action switch
    {
        QueueAction.Retry => "What waits is tried now.",
        QueueAction.Hold => "What waits is neither tried nor given up until it is released.",
        QueueAction.Release => "What is held waits again and is tried now.",
        QueueAction.Drop => "It is given up for good, and nobody is told.",
        QueueAction.Return => "It is given up for good, and its sender gets a report.",
        _ => "It goes to the host that you name, until it is rerouted again. Nothing named means where routing leads.",
    };

    internal static bool IsFinal(QueueAction action) => action is QueueAction.Drop or QueueAction.Return;

    internal static string Count(long number, string one) => $"{Number(number)} {one}{(number == 1 ? "" : "s")}";

    internal static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>How hot a number is beside the largest of the picture: 0 for nothing, 1 to 6 on a scale of powers.</summary>
    internal static int Heat(long number, long largest) => number <= 0 ? 0 : largest <= 1 ? 1 : 1 + (int)Math.Round(5 * Math.Log(number) / Math.Log(largest));

    /// <summary><c>in 4 min</c>, <c>3 h ago</c>.</summary>
    internal static string Relative(DateTimeOffset at, DateTimeOffset now) => (at - now) switch
    {
        { TotalSeconds: > -2 and < 2 } => "now",
        { Ticks: > 0 } ahead => $"in {Span(ahead)}",
        var behind => $"{Span(-behind)} ago",
    };

    private static string Short(TimeSpan limit) => limit.TotalHours < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{limit.Minutes}m")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)limit.TotalHours}h{limit.Minutes:00}");

    /// <summary>A time with its two largest units.</summary>
    internal static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min"),
        { TotalHours: < 24 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h{(span.Minutes > 0 ? $" {span.Minutes} min" : "")}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d{(span.Hours > 0 ? $" {span.Hours} h" : "")}"),
    };
}
