using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Web;

/// <summary>Places the events of a journey on lanes, one a role, in order of time: what the journey page draws.</summary>
internal sealed class JourneyPicture
{
    /// <summary>Events that are drawn; the list below the picture has all.</summary>
    internal const int MaxDrawn = 40;

    internal const int LaneWidth = 132;

    internal const int RowHeight = 46;

    internal const int HeadHeight = 64;

    private static readonly MailRole[] Order = [MailRole.Mua, MailRole.Msa, MailRole.Mta, MailRole.Mda, MailRole.MessageStore];

    private JourneyPicture(IReadOnlyList<Lane> lanes, IReadOnlyList<Mark> marks) => (Lanes, Marks) = (lanes, marks);

    internal IReadOnlyList<Lane> Lanes { get; }

    internal IReadOnlyList<Mark> Marks { get; }

    internal int Width => Lanes.Count * LaneWidth;

    internal int Height => HeadHeight + (Marks.Count * RowHeight) + 16;

    /// <summary>A column of the picture. The lane without a role is everybody else: clients and hosts that are not ours.</summary>
    internal sealed record Lane(MailRole? Role, int X);

    /// <summary>An event: a dot on its lane, and an arrow when something was handed over.</summary>
    /// <param name="FromX">Where the arrow begins; <see langword="null"/> when nothing changed hands.</param>
    /// <param name="ToX">Where the arrow ends.</param>
    internal sealed record Mark(int Number, JourneyEvent Event, int X, int? FromX, int ToX, int Y);

    internal static JourneyPicture Of(IReadOnlyList<JourneyEvent> events)
    {
        var drawn = events.Take(MaxDrawn).ToList();
        var roles = Order.Where(r => drawn.Exists(e => e.Role == r)).ToList();
        var hasOutside = drawn.Exists(e => IsOutgoing(e) || IsIncoming(e));
        var lanes = new List<Lane>();
        if (hasOutside && drawn.Exists(IsIncoming) && !drawn.Exists(IsOutgoing))
            lanes.Add(new Lane(null, 0));
        lanes.AddRange(roles.Select(r => new Lane(r, 0)));
        if (drawn.Exists(IsOutgoing))
            lanes.Add(new Lane(null, 0));
        lanes = [.. lanes.Select((lane, i) => lane with { X = (i * LaneWidth) + (LaneWidth / 2) })];

        var marks = new List<Mark>();
        int? last = null;
        foreach (var e in drawn)
        {
            var own = lanes.First(l => l.Role == e.Role).X;
            var outside = lanes.Find(l => l.Role is null)?.X;
            var from = IsOutgoing(e) ? own : IsIncoming(e) && outside is not null ? outside : last;
            var to = IsOutgoing(e) ? outside ?? own : own;
            marks.Add(new Mark(marks.Count + 1, e, own, from == to ? null : from, to, HeadHeight + (marks.Count * RowHeight) + (RowHeight / 2)));
            last = own;
        }

        return new JourneyPicture(lanes, marks);
    }

    private static bool IsOutgoing(JourneyEvent e) => e.Role == MailRole.Mta && e.Step is JourneyStep.Relayed or JourneyStep.Deferred && e.Peer is not null;

    /// <summary>Somebody who is not ours brought it: the step names a peer and is where mail comes in.</summary>
    private static bool IsIncoming(JourneyEvent e) => e is { Role: MailRole.Mta or MailRole.Msa, Step: JourneyStep.Accepted or JourneyStep.Submitted or JourneyStep.Refused, Peer: not null };
}
