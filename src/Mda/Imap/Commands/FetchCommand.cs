using MailSuite.Mda.Imap.Fetching;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>FETCH and UID FETCH (RFC 9051 §6.4.5 and §6.4.9, RFC 7162 §3.1.4 and §3.2.6, RFC 9394 §3.3).</summary>
internal sealed class FetchCommand(bool byUid, FetchTools tools) : IImapCommand
{
    private static readonly FetchItem Uid = FetchItem.Of(FetchKind.Uid, "UID");

    private static readonly FetchItem ModSeq = FetchItem.Of(FetchKind.ModSeq, "MODSEQ");

    public string Name => byUid ? "UID FETCH" : "FETCH";

    public ImapStates AllowedIn => ImapStates.Selected;

    public ImapUpdates Updates => byUid ? ImapUpdates.All : ImapUpdates.Flags;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (!TryParse(line, out var set, out var arguments))
            return ImapAnswers.Syntax;
        if (!byUid && session.Enabled.HasFlag(ImapExtensions.UidOnly))
            return ImapAnswers.UidRequired;

        var (items, modifiers) = (arguments.Items, arguments.Modifiers);
        if (modifiers.Vanished && (!byUid || modifiers.ChangedSince is null || !session.Enabled.HasFlag(ImapExtensions.QResync)))
            return ImapAnswer.Bad("VANISHED is for UID FETCH with CHANGEDSINCE after ENABLE QRESYNC.");

        var mailbox = SelectedMailbox.Of(session);
        if (modifiers.ChangedSince is not null || items.Any(static item => item.Kind == FetchKind.ModSeq))
            CondStore.Enable(session);

        // First what happened meanwhile, so that the client never hears old flags last.
        await mailbox.TellAsync(session, Updates, cancellationToken);
        if (mailbox.Find(set) is not { } ranges)
            return ImapAnswers.NoSuchMessage;

        if (modifiers.Vanished)
            await TellVanishedAsync(session, mailbox, set, modifiers.ChangedSince ?? 0, cancellationToken);
        if (modifiers.ChangedSince is { } since)
            ranges = ChangedSince(mailbox, ranges, since);
        if (modifiers.Partial is { } slice)
            ranges = IndexRange.Slice(ranges, slice.First, slice.Last, slice.FromEnd);

        var run = new FetchRun(session, mailbox, PlanOf(session, items, modifiers), tools);
        await run.RunAsync(ranges, cancellationToken);
        if (run.MetUnknownEncoding)
            return ImapAnswer.No("That part is encoded in a way that is not known here.", "UNKNOWN-CTE");
        return run.MetGone && !byUid ? ImapAnswers.ExpungeIssued : ImapAnswer.Ok("Fetched.");
    }

    private bool TryParse(ImapCommandLine line, out NumberSet set, out FetchArguments arguments)
    {
        var parser = line.Parse();
        arguments = new FetchArguments([], default);
        return parser.TryMessages(byUid, out set) && parser.TrySpace() && parser.TryFetchArguments(out arguments);
    }

    private FetchPlan PlanOf(ImapSession session, IReadOnlyList<FetchItem> items, FetchModifiers modifiers)
    {
        var all = new List<FetchItem>(items.Count + 2);

        // With UIDONLY the UID stands where the number stood (RFC 9586 §3.3).
        if (byUid && !session.Enabled.HasFlag(ImapExtensions.UidOnly) && !items.Any(static item => item.Kind == FetchKind.Uid))
            all.Add(Uid);
        all.AddRange(items);
        if (modifiers.ChangedSince is not null && !items.Any(static item => item.Kind == FetchKind.ModSeq))
            all.Add(ModSeq);
        return new FetchPlan(all);
    }

    private static List<IndexRange> ChangedSince(SelectedMailbox mailbox, List<IndexRange> ranges, long since)
    {
        var changed = new List<IndexRange>();
        foreach (var range in ranges)
        {
            for (var i = range.First; i <= range.Last;)
            {
                foreach (ref readonly var entry in mailbox.Messages.SpanFrom(i))
                {
                    if (i > range.Last)
                        break;
                    if (entry.ModSeq > since || (mailbox.TryGet(i, out var now) && now.ModSeq > since))
                        Add(changed, i);
                    i++;
                }
            }
        }

        return changed;
    }

    private static void Add(List<IndexRange> ranges, int index)
    {
        if (ranges.Count > 0 && ranges[^1].Last + 1 == index)
            ranges[^1] = ranges[^1] with { Last = index };
        else
            ranges.Add(new IndexRange(index, index));
    }

    private async ValueTask TellVanishedAsync(ImapSession session, SelectedMailbox mailbox, NumberSet set, long since, CancellationToken cancellationToken)
    {
        var asked = set.IsSaved ? mailbox.SavedResult : [.. set.Normalize(uint.MaxValue).Select(range => new UidRange(range.Low, range.High))];
        Vanished.WriteEarlier(session.Writer, await tools.Expunged.SinceAsync(mailbox.Messages, since, cancellationToken), asked);
    }
}
