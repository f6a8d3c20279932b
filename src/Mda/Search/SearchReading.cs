using MailSuite.Mda.Search.Evaluation;
using MailSuite.Mda.Search.Sqlite;
using MailSuite.Mda.Search.Text;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Search;

/// <summary>What is known of bodies: from the index where it is there already, else from their octets. Both give the same.</summary>
internal sealed class SearchReading(MailStore store, SearchIndex index)
{
    /// <summary>Bodies that are looked at on one reader's lease.</summary>
    private const int MaxSlice = 500;

    internal MailStore Store => store;

    /// <summary>The bodies that a probe may find, as the index has it; <see langword="null"/> when it cannot tell.</summary>
    internal async ValueTask<IndexCandidates?> CandidatesAsync(TextProbe probe, CancellationToken cancellationToken) =>
        await index.TryReadAsync(
            probe,
            static (connection, asked) =>
            {
                var upTo = IndexStatements.IndexedUpTo(connection);
                HashSet<long>? found = [];
                if (asked.InHead)
                    found = IndexStatements.Candidates(connection, "head", asked.Needle.Span);
                if (asked.InBody && found is not null)
                {
                    var inBody = IndexStatements.Candidates(connection, "body", asked.Needle.Span);
                    if (inBody is null || found.Count == 0)
                        found = inBody;
                    else
                        found.UnionWith(inBody);
                }

                return new IndexCandidates(found, upTo, IndexStatements.Partial(connection));
            },
            cancellationToken);

    /// <summary>Whether each of the bodies is a hit.</summary>
    /// <param name="found">Called for each hit with its place in <paramref name="bodies"/>.</param>
    internal async ValueTask LookAsync(TextProbe probe, IReadOnlyList<long> bodies, Action<int> found, Func<int, ValueTask> progress, CancellationToken cancellationToken)
    {
        for (var from = 0; from < bodies.Count; from += MaxSlice)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var slice = (Probe: probe, Bodies: bodies, From: from, To: Math.Min(from + MaxSlice, bodies.Count));
            var looked = await index.TryReadAsync(slice, static (connection, asked) => Look(connection, asked), cancellationToken);
            for (var i = slice.From; i < slice.To; i++)
            {
                var outcome = looked is null ? Looked.Unknown : looked[i - slice.From];
                if (outcome == Looked.Hit || outcome == Looked.Unknown && await ScanAsync(probe, bodies[i], cancellationToken))
                    found(i);
                if (outcome == Looked.Unknown)
                    await progress(i);
            }

            await progress(slice.To);
        }
    }

    /// <summary>What SORT, THREAD and the SENT keys ask of each body; of one that is gone there is nothing.</summary>
    /// <param name="datesAlone">Of the facts only the dates are needed.</param>
    internal async ValueTask FactsAsync(IReadOnlyList<long> bodies, bool datesAlone, Action<int, SearchFacts> each, CancellationToken cancellationToken)
    {
        for (var from = 0; from < bodies.Count; from += MaxSlice)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var slice = (Bodies: bodies, From: from, To: Math.Min(from + MaxSlice, bodies.Count), Dates: datesAlone);
            var known = await index.TryReadAsync(
                slice, static (connection, asked) => IndexStatements.Facts(connection, asked.Bodies, asked.From, asked.To, asked.Dates), cancellationToken);
            for (var i = slice.From; i < slice.To; i++)
                each(i, known?[i - slice.From] ?? await ReadFactsAsync(bodies[i], cancellationToken));
        }
    }

    /// <summary>Looks through the octets of a message.</summary>
    private async ValueTask<bool> ScanAsync(TextProbe probe, long body, CancellationToken cancellationToken)
    {
        if (await OpenAsync(body, cancellationToken) is not { } content)
            return false;

        try
        {
            await using var stream = content.OpenRead();
            var text = new ScannedText(probe);
            MessageText.Read(stream, text, cancellationToken);
            return text.Finish();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private async ValueTask<SearchFacts> ReadFactsAsync(long body, CancellationToken cancellationToken)
    {
        if (await OpenAsync(body, cancellationToken) is not { } content)
            return SearchFacts.Nothing;

        try
        {
            await using var stream = content.OpenRead();
            return MessageText.Read(stream, new KeptText(0, 0), cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return SearchFacts.Nothing;
        }
    }

    private ValueTask<IMessageContent?> OpenAsync(long body, CancellationToken cancellationToken) =>
        store.ReadAsync(
            (body, store.Bodies),
            static (connection, asked) => StoredBodies.Find(connection, asked.body) is { } found ? MessageReading.TryReadContent(connection, found, asked.Bodies) : null,
            cancellationToken);

    private static Looked[] Look(StoreConnection connection, (TextProbe Probe, IReadOnlyList<long> Bodies, int From, int To) asked)
    {
        var partial = IndexStatements.Partial(connection);
        var heads = IndexStatements.Texts(connection, "head");
        var texts = IndexStatements.Texts(connection, "body");
        var outcomes = new Looked[asked.To - asked.From];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var body = asked.Bodies[asked.From + i];
            bool? hit = false;
            if (asked.Probe.InHead)
                hit = IndexStatements.Look(heads, body, asked.Probe.LooksAtHead);
            if (hit == false && asked.Probe.InBody)
                hit = IndexStatements.Look(texts, body, asked.Probe.LooksAtBody);
            outcomes[i] = hit switch
            {
                true => Looked.Hit,
                false when !partial.Contains(body) => Looked.NoHit,
                _ => Looked.Unknown,
            };
        }

        return outcomes;
    }

    private enum Looked : byte
    {
        NoHit,
        Hit,

        /// <summary>It is not in the index, or there is more of it than in the index.</summary>
        Unknown,
    }
}

/// <summary>What the index says to a needle.</summary>
/// <param name="Bodies">Those that may contain it; <see langword="null"/> when every one may.</param>
/// <param name="UpTo">Bodies above this are not in the index yet.</param>
/// <param name="Partial">Of these only the beginning is in the index.</param>
internal sealed record IndexCandidates(HashSet<long>? Bodies, long UpTo, HashSet<long> Partial)
{
    internal bool MayContain(long body) => body > UpTo || Bodies is null || Bodies.Contains(body) || Partial.Contains(body);
}
