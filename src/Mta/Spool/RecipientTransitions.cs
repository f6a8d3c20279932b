using static MailSuite.Mta.Spool.RecipientState;

namespace MailSuite.Mta.Spool;

/// <summary>Every way from one state of a recipient to another (README.md). What writes states asks here from which it may; there is no other.</summary>
internal static class RecipientTransitions
{
    public static IReadOnlyList<RecipientTransition> All { get; } =
    [
        .. From(StateChange.Settle, [Waiting], [Waiting, Delivered, Failed, DeliveredUntold, RelayedUntold, ExpandedUntold, FailedSilently]),
        // What a person ordered while it was under way (README.md): what another host has taken has gone, and a failure ends what is held.
        .. From(StateChange.Settle, [Held], [Delivered, Failed, DeliveredUntold, RelayedUntold, ExpandedUntold, FailedSilently]),
        .. From(StateChange.Settle, [Failed, Undeliverable, FailedSilently, Dropped], [Delivered, DeliveredUntold, RelayedUntold, ExpandedUntold]),
        .. From(StateChange.Report, [Failed, DeliveredUntold, RelayedUntold, ExpandedUntold], [Reported]),
        .. From(StateChange.Keep, [Failed], [Undeliverable]),
        .. From(StateChange.Hold, [Waiting], [Held]),
        .. From(StateChange.Release, [Held], [Waiting]),
        .. From(StateChange.Drop, [Waiting, Undeliverable, Held], [Dropped]),
        .. From(StateChange.Return, [Waiting, Held], [Failed, Undeliverable, FailedSilently]),
    ];

    /// <summary>The states in which a recipient is when a message is accepted.</summary>
    public static IReadOnlyList<RecipientState> Initial { get; } = [Waiting, Delivered, Failed, DeliveredUntold, ExpandedUntold, FailedSilently];

    /// <summary>Those in which nothing is left to do: a message all of whose recipients are in them is retired.</summary>
    public static IReadOnlyList<RecipientState> Final { get; } = [Delivered, Reported, FailedSilently, Dropped];

    /// <summary>The states from which a change may lead to a state, as SQL lists them: <c>0, 9, 10</c>.</summary>
    public static string Sources(StateChange change, RecipientState to) => Sql(All.Where(one => one.Change == change && one.To == to).Select(one => one.From));

    /// <summary>States as SQL lists them.</summary>
    public static string Sql(IEnumerable<RecipientState> states) => string.Join(", ", states.Distinct().Order().Select(state => (int)state));

    private static IEnumerable<RecipientTransition> From(StateChange change, RecipientState[] from, RecipientState[] to) =>
        from.SelectMany(one => to.Select(other => new RecipientTransition(one, other, change)));
}

internal readonly record struct RecipientTransition(RecipientState From, RecipientState To, StateChange Change);

/// <summary>What changes states.</summary>
internal enum StateChange
{
    /// <summary>What an attempt did, or what the end of its time means: <see cref="SpoolStore.SettleAsync"/>.</summary>
    Settle,

    /// <summary>A report is stored: <see cref="SpoolStore.ReportAsync"/>.</summary>
    Report,

    /// <summary>Nobody may be told: <see cref="SpoolStore.KeepAsync"/>.</summary>
    Keep,

    /// <summary>The orders of people: <see cref="SpoolStore.OrderAsync"/>.</summary>
    Hold,

    Release,

    Drop,

    Return,
}
