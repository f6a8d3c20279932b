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

    /// <summary>The MUA stands at both ends: where the message is written, and where it is read.</summary>
    private static readonly (MailRole Role, bool Reads)[] Order =
        [(MailRole.Mua, false), (MailRole.Msa, false), (MailRole.Mta, false), (MailRole.Mda, false), (MailRole.MessageStore, false), (MailRole.Mua, true)];

    private JourneyPicture(IReadOnlyList<Lane> lanes, IReadOnlyList<Mark> marks) => (Lanes, Marks) = (lanes, marks);

    internal IReadOnlyList<Lane> Lanes { get; }

    internal IReadOnlyList<Mark> Marks { get; }

    internal int Width => Lanes.Count * LaneWidth;

    internal int Height => HeadHeight + (Marks.Count * RowHeight) + 16;

    /// <summary>A column of the picture. The lane without a role is everybody else: clients and hosts that are not ours.</summary>
    internal sealed record Lane(MailRole? Role, bool Reads, int X);

    /// <summary>An event: a dot on its lane, and an arrow when something was handed over.</summary>
    /// <param name="FromX">Where the arrow begins; <see langword="null"/> when nothing changed hands.</param>
    /// <param name="ToX">Where the arrow ends.</param>
    internal sealed record Mark(int Number, JourneyEvent Event, int X, int? FromX, int ToX, int Y);

    internal static JourneyPicture Of(IReadOnlyList<JourneyEvent> events)
    {
        var drawn = events.Take(MaxDrawn).ToList();
        var roles = Order.Where(o => drawn.Exists(e => IsOn(e, o.Role, o.Reads))).ToList();
        var isOurs = drawn.Exists(e => e.Step == JourneyStep.Composed);
        var lanes = new List<Lane>();
        if (!isOurs && drawn.Exists(IsIncoming) && !drawn.Exists(IsOutgoing))
            lanes.Add(new Lane(null, false, 0));
        lanes.AddRange(roles.Select(o => new Lane(o.Role, o.Reads, 0)));
        if (drawn.Exists(IsOutgoing))
            lanes.Add(new Lane(null, false, 0));
        lanes = [.. lanes.Select((lane, i) => lane with { X = (i * LaneWidth) + (LaneWidth / 2) })];

        var marks = new List<Mark>();
        int? last = null;
        foreach (var e in drawn)
        {
            var own = lanes.First(l => !l.Reads && l.Role == e.Role).X;
            var outside = lanes.Find(l => l.Role is null)?.X;
            var from = IsOutgoing(e) || IsHandedToReader(e) ? own : !isOurs && IsIncoming(e) ? outside : last;
            var to = IsOutgoing(e) ? outside ?? own : IsHandedToReader(e) ? lanes.First(l => l.Reads).X : own;
            marks.Add(new Mark(marks.Count + 1, e, own, from == to ? null : from, to, HeadHeight + (marks.Count * RowHeight) + (RowHeight / 2)));
            last = own;
        }

        return new JourneyPicture(lanes, marks);
    }

    private static bool IsOn(JourneyEvent e, MailRole role, bool reads) => reads ? IsHandedToReader(e) : e.Role == role;

    /// <summary>The store tells it, and a MUA has the message then, whichever it was.</summary>
    private static bool IsHandedToReader(JourneyEvent e) => e is { Role: MailRole.MessageStore, Step: JourneyStep.Fetched };

    private static bool IsOutgoing(JourneyEvent e) => e.Role == MailRole.Mta && e.Step is JourneyStep.Relayed or JourneyStep.Deferred && e.Peer is not null;

    /// <summary>A peer brought it; when a MUA of ours composed it, that was the peer.</summary>
    private static bool IsIncoming(JourneyEvent e) => e is { Role: MailRole.Mta or MailRole.Msa, Step: JourneyStep.Accepted or JourneyStep.Submitted or JourneyStep.Refused, Peer: not null };
}
