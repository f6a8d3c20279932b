using System.Collections.Immutable;
using MailSuite.Mda.Search.Evaluation;
using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Search.Sqlite;
using MailSuite.Mda.Search.Text;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Search;

/// <summary>Looks for words in all of an account's messages, newest first, as the webmail does: no case, no accents, parts of words too.</summary>
internal sealed class AccountSearch(SearchReading reading)
{
    /// <summary>Words of a search at most; those beyond it are passed over.</summary>
    private const int MaxWords = 8;

    private const int MaxWordLength = 100;

    /// <summary>Messages that are walked over in one read.</summary>
    private const int MaxRows = 2000;

    private static readonly ReadOnlyMemory<byte> Subject = "SUBJECT"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> From = "FROM"u8.ToArray();
    private static readonly ImmutableArray<ReadOnlyMemory<byte>> Shown = [Subject, From, "TO"u8.ToArray(), "CC"u8.ToArray()];

    internal async ValueTask<IReadOnlyList<MessageSummary>> FindAsync(AccountId account, MessageSearch search, int limit, CancellationToken cancellationToken)
    {
        List<TextProbe> probes =
        [
            .. ProbesOf(search.Subject, [Subject], inBody: false),
            .. ProbesOf(search.From, [From], inBody: false),
            .. ProbesOf(search.Text, Shown, inBody: true),
        ];
        var candidates = new List<IndexCandidates>(probes.Count);
        foreach (var probe in probes)
        {
            if (await reading.CandidatesAsync(probe, cancellationToken) is { } some)
                candidates.Add(some);
        }

        var found = new List<PlacedMessage>(limit);
        for (var before = PlacedMessage.End; found.Count < limit;)
        {
            var rows = await reading.Store.ReadAsync((account, search.Mailbox, before, MaxRows), AccountMessages.Read, cancellationToken);
            var likely = rows.FindAll(row => candidates.TrueForAll(some => some.MayContain(row.Body)));
            foreach (var part in likely.Chunk(limit))
            {
                found.AddRange((await VerifyAsync(part, probes, cancellationToken)).Take(limit - found.Count));
                if (found.Count == limit)
                    break;
            }

            if (rows.Count < MaxRows)
                break;
            before = rows[^1];
        }

        return await reading.Store.ReadAsync(found, MessageReading.ReadSummaries, cancellationToken);
    }

    private async ValueTask<IEnumerable<PlacedMessage>> VerifyAsync(IReadOnlyList<PlacedMessage> messages, List<TextProbe> probes, CancellationToken cancellationToken)
    {
        foreach (var probe in probes)
        {
            var hits = new List<PlacedMessage>();
            await reading.LookAsync(probe, [.. messages.Select(message => message.Body)], i => hits.Add(messages[i]), static _ => ValueTask.CompletedTask, cancellationToken);
            messages = hits;
        }

        return messages;
    }

    private static IEnumerable<TextProbe> ProbesOf(string? words, ImmutableArray<ReadOnlyMemory<byte>> fields, bool inBody)
    {
        foreach (var word in (words ?? string.Empty).Split((char[]?)null, MaxWords + 1, StringSplitOptions.RemoveEmptyEntries).Take(MaxWords))
        {
            var needle = FoldedText.WithoutAccents(FoldedText.Needle(word.Length > MaxWordLength ? word[..MaxWordLength] : word));
            if (!needle.IsEmpty)
                yield return TextProbe.Of(new SearchCriterion.Word(needle, fields, inBody))!;
        }
    }
}
