using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Search.Sqlite;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Search.Evaluation;

/// <summary>Finds the messages of a snapshot that meet criteria, with the least work: what is in memory first, then columns, then the index, then octets, each for what the ones before have left.</summary>
/// <param name="progress">Told now and then which message is looked at, and how many there are.</param>
internal sealed class SearchEvaluation(
    SearchReading reading, KeywordSets keywords, SearchScope scope, DateTimeOffset now, Func<int, int, ValueTask>? progress, CancellationToken cancellationToken)
{
    /// <summary>Messages for which asking the index costs more than looking at their text.</summary>
    private const int Few = 64;

    private const int MaxRows = 2000;

    private Dictionary<int, MessageEntry>? _changed;

    /// <summary>The messages that are found.</summary>
    internal ValueTask<MessageSet> RunAsync(SearchCriterion criterion) => RunAsync(criterion, MessageSet.All(scope.Messages.Count));

    /// <param name="there">Only among these; it is used up.</param>
    internal async ValueTask<MessageSet> RunAsync(SearchCriterion criterion, MessageSet there)
    {
        if (!ReferenceEquals(scope.Messages, scope.Latest))
        {
            var difference = MailboxSnapshot.Compare(scope.Messages, scope.Latest);
            foreach (var uid in difference.Vanished)
                there.Remove(scope.Messages.IndexOf(uid));
            _changed = new Dictionary<int, MessageEntry>(difference.Changed.Count);
            foreach (var entry in difference.Changed)
                _changed[scope.Messages.IndexOf(entry.Uid)] = entry;
        }

        return await FindAsync(criterion, there);
    }

    private async ValueTask<MessageSet> FindAsync(SearchCriterion criterion, MessageSet among)
    {
        if (among.IsEmpty)
            return among;

        switch (criterion)
        {
            case SearchCriterion.All all:
                foreach (var each in all.Of.OrderBy(CostOf))
                    among = await FindAsync(each, among);
                return among;
            case SearchCriterion.Or or:
                var (first, second) = CostOf(or.One) <= CostOf(or.Other) ? (or.One, or.Other) : (or.Other, or.One);
                var found = await FindAsync(first, among);
                return found.With(await FindAsync(second, among.Without(found)));
            case SearchCriterion.Not not:
                return among.Without(await FindAsync(not.Of, among));
            case SearchCriterion.Day { Which: SearchDate.Sent } day:
                return await FindSentAsync(day, among);
            case SearchCriterion.Day { Which: SearchDate.Saved } day:
                var (from, to) = (Milliseconds(day.From), Milliseconds(day.To));
                return await FindByColumnAsync(column => column.SavedAt >= from && column.SavedAt < to, among);
            case SearchCriterion.ThreadId thread:
                return thread.Value == 0 ? new MessageSet(among.Size) : await FindByColumnAsync(column => column.Thread == thread.Value, among);
            default:
                return TextProbe.Of(criterion) is { } probe ? await FindTextAsync(probe, among) : FindInMemory(criterion, among);
        }
    }

    private MessageSet FindInMemory(SearchCriterion criterion, MessageSet among)
    {
        switch (criterion)
        {
            case SearchCriterion.Sequence { Set: var set }:
                return set.IsSaved
                    ? InRanges(among, scope.Saved.Select(range => ByUid(range.First, range.Last)))
                    : InRanges(among, set.Normalize((uint)among.Size).Select(range => ((int)(Math.Min(range.Low, int.MaxValue) - 1), (int)Math.Min(range.High, (uint)among.Size))));
            case SearchCriterion.Uids { Set: var set }:
                return set.IsSaved
                    ? InRanges(among, scope.Saved.Select(range => ByUid(range.First, range.Last)))
                    : InRanges(among, set.Normalize(scope.Messages[among.Size - 1].Uid).Select(range => ByUid(range.Low, range.High)));
            default:
                return Where(among, PredicateOf(criterion));
        }
    }

    private Func<MessageEntry, bool> PredicateOf(SearchCriterion criterion)
    {
        switch (criterion)
        {
            case SearchCriterion.Flag flag:
                return entry => (entry.Flags & flag.Flags) != MessageFlags.None;
            case SearchCriterion.Keyword keyword:
                var known = new Dictionary<int, bool>();
                return entry =>
                {
                    if (!known.TryGetValue(entry.Keywords, out var has))
                        known.Add(entry.Keywords, has = keywords[entry.Keywords].Contains(keyword.Name));
                    return has;
                };
            case SearchCriterion.Day day:
                var (from, to) = (Milliseconds(day.From), Milliseconds(day.To));
                return entry => entry.InternalDate >= from && entry.InternalDate < to;
            case SearchCriterion.Age age:
                var border = now.ToUnixTimeMilliseconds() - (age.Seconds * 1000L);
                return age.IsYounger ? entry => entry.InternalDate > border : entry => entry.InternalDate <= border;
            case SearchCriterion.Larger larger:
                return entry => entry.Octets > larger.Octets;
            case SearchCriterion.Smaller smaller:
                return entry => entry.Octets < smaller.Octets;
            case SearchCriterion.ModSeq modSeq:
                return entry => entry.ModSeq >= modSeq.Value;
            case SearchCriterion.EmailId email:
                return entry => entry.Body == email.BodyId;
            default:
                throw new InvalidOperationException($"No way to look for {criterion.GetType().Name}.");
        }
    }

    private MessageSet Where(MessageSet among, Func<MessageEntry, bool> predicate)
    {
        var found = new MessageSet(among.Size);
        var messages = scope.Messages;
        for (var at = 0; at < messages.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var span = messages.SpanFrom(at);
            for (var i = 0; i < span.Length; i++)
            {
                if (among.Contains(at + i) && predicate(Current(at + i, span[i])))
                    found.Add(at + i);
            }

            at += span.Length;
        }

        return found;
    }

    private MessageEntry Current(int index, in MessageEntry entry) => _changed is not null && _changed.TryGetValue(index, out var changed) ? changed : entry;

    /// <param name="ranges">From an index up to one that does not belong to it.</param>
    private static MessageSet InRanges(MessageSet among, IEnumerable<(int From, int To)> ranges)
    {
        var found = new MessageSet(among.Size);
        foreach (var (from, to) in ranges)
        {
            for (var i = from; i < to; i++)
            {
                if (among.Contains(i))
                    found.Add(i);
            }
        }

        return found;
    }

    private (int From, int To) ByUid(uint first, uint last) =>
        (scope.Messages.LowerBound(first), last == uint.MaxValue ? scope.Messages.Count : scope.Messages.LowerBound(last + 1));

    private async ValueTask<MessageSet> FindByColumnAsync(Func<MessageColumn, bool> predicate, MessageSet among)
    {
        var found = new MessageSet(among.Size);
        var messages = scope.Messages;
        var next = messages[among.Indexes().First()].Uid;
        var last = messages[messages.Count - 1].Uid;
        while (next <= last)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = await reading.Store.ReadAsync((messages.Mailbox, next, MaxRows), MessageColumns.Read, cancellationToken);
            foreach (var row in rows)
            {
                if (predicate(row) && messages.IndexOf(row.Uid) is var index and >= 0 && among.Contains(index))
                    found.Add(index);
            }

            if (rows.Count < MaxRows)
                break;
            next = rows[^1].Uid + 1;
        }

        return found;
    }

    private async ValueTask<MessageSet> FindSentAsync(SearchCriterion.Day day, MessageSet among)
    {
        var found = new MessageSet(among.Size);
        var (indexes, bodies) = BodiesOf(among, static _ => true);
        await reading.FactsAsync(
            bodies,
            datesAlone: true,
            (i, facts) =>
            {
                if (facts.SentDay is { } sent && sent >= day.From.DayNumber && (sent < day.To.DayNumber || day.To == DateOnly.MaxValue))
                    found.Add(indexes[i]);
            },
            cancellationToken);
        return found;
    }

    private async ValueTask<MessageSet> FindTextAsync(TextProbe probe, MessageSet among)
    {
        var found = new MessageSet(among.Size);
        var candidates = among.Count > Few ? await reading.CandidatesAsync(probe, cancellationToken) : null;
        var (indexes, bodies) = BodiesOf(among, candidates is null ? static _ => true : candidates.MayContain);
        await reading.LookAsync(
            probe, bodies, i => found.Add(indexes[i]),
            i => progress?.Invoke(i < indexes.Count ? indexes[i] + 1 : scope.Messages.Count, scope.Messages.Count) ?? ValueTask.CompletedTask,
            cancellationToken);
        return found;
    }

    private (List<int> Indexes, List<long> Bodies) BodiesOf(MessageSet among, Func<long, bool> isWanted)
    {
        var indexes = new List<int>();
        var bodies = new List<long>();
        for (var at = 0; at < scope.Messages.Count;)
        {
            var span = scope.Messages.SpanFrom(at);
            for (var i = 0; i < span.Length; i++)
            {
                if (!among.Contains(at + i) || !isWanted(span[i].Body))
                    continue;
                indexes.Add(at + i);
                bodies.Add(span[i].Body);
            }

            at += span.Length;
        }

        return (indexes, bodies);
    }

    private static long Milliseconds(DateOnly day) =>
        day == DateOnly.MaxValue ? long.MaxValue : day == DateOnly.MinValue ? long.MinValue : new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>What looking costs, roughly: memory, columns, headers, bodies.</summary>
    private static int CostOf(SearchCriterion criterion) => criterion switch
    {
        SearchCriterion.Text => 5,
        SearchCriterion.Body or SearchCriterion.Word => 4,
        SearchCriterion.Header => 3,
        SearchCriterion.Day { Which: SearchDate.Sent } => 2,
        SearchCriterion.Day { Which: SearchDate.Saved } or SearchCriterion.ThreadId => 1,
        SearchCriterion.All all => all.Of.Length == 0 ? 0 : all.Of.Max(CostOf),
        SearchCriterion.Or or => Math.Max(CostOf(or.One), CostOf(or.Other)),
        SearchCriterion.Not not => CostOf(not.Of),
        _ => 0,
    };
}
