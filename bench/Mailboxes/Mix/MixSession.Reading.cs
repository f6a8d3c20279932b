using System.Globalization;
using MailSuite.Bench.Mailboxes.Model;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Mix;

/// <content>What reads.</content>
internal sealed partial class MixSession
{
    private const int LongestIdleMilliseconds = 400;

    private async Task FetchAllAsync(CancellationToken cancellationToken)
    {
        if (_view!.Count > 0)
            await FetchAsync("FETCH", $"FETCH 1:* (UID FLAGS{(_kind == SessionKind.Plain ? "" : " MODSEQ")})", [.. _view.Entries], mayShrink: false, cancellationToken);
    }

    private async Task FetchFlagsAsync(CancellationToken cancellationToken)
    {
        var view = _view!;
        if (view.Count == 0)
            return;
        var first = _random.Next(view.Count);
        var last = Math.Min(view.Count - 1, first + _random.Next(60));
        var range = view.Entries.Skip(first).Take(last - first + 1).ToList();
        if (_random.Next(2) == 0)
            await FetchAsync("FETCH", $"FETCH {first + 1}:{last + 1} ({ModSeqItem}FLAGS UID INTERNALDATE)", range, mayShrink: false, cancellationToken);
        else if (range[0].Uid != 0 && range[^1].Uid != 0)
            await FetchAsync("UID FETCH", $"UID FETCH {range[0].Uid}:{range[^1].Uid} ({ModSeqItem}FLAGS)", range, mayShrink: true, cancellationToken);
    }

    private async Task FetchBodyAsync(CancellationToken cancellationToken)
    {
        if (Pick(1) is not [var entry])
            return;
        var items = _random.Next(5) switch
        {
            0 when !plan.SparesDovecot => $"(UID {ModSeqItem}FLAGS RFC822.SIZE BODY[])",
            1 => "(RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[])",
            2 => "(BODY.PEEK[TEXT]<0.100> BODY.PEEK[HEADER])",
            _ => "(UID RFC822.SIZE BODY.PEEK[])",
        };
        if (_random.Next(2) == 0)
            await FetchAsync("FETCH", $"FETCH {_view!.SequenceOf(entry)} {items}", [entry], mayShrink: false, cancellationToken);
        else
            await FetchAsync("UID FETCH", $"UID FETCH {entry.Uid} {items}", [entry], mayShrink: true, cancellationToken);
    }

    private async Task FetchAsync(string name, string command, List<Entry> wanted, bool mayShrink, CancellationToken cancellationToken)
    {
        var view = _view!;
        var left = wanted.ToHashSet();
        await DoAsync(name, command, cancellationToken, mayShrink: mayShrink, mayFail: true, take: answer =>
        {
            if (answer.Name == "FETCH")
                left.Remove(view.At(answer.Number));
            return false;
        });
        foreach (var entry in left)
            view.LeftOut(entry, command);
    }

    private async Task SearchAsync(CancellationToken cancellationToken)
    {
        if (Pick(1) is not [var entry] || entry.Identity is not { } identity)
            return;
        var (key, matches) = _random.Next(6) switch
        {
            0 => ("ALL", (Func<Entry, bool?>)(_ => true)),
            1 => ($"SUBJECT {identity}", other => other.Identity is { } known ? IsPartOf(identity, known) : null),
            2 => ($"HEADER Message-ID <{identity}@", other => other.Identity is { } known ? known == identity : null),
            3 => ($"BODY \"{identity} line 2:\"", other => other.Identity is { } known ? known == identity : null),
            4 => ($"UID {entry.Uid}:*", other => other.Uid == 0 ? null : other.Uid >= entry.Uid),
            _ => ($"TEXT \"{identity}@\"", other => other.Identity is { } known ? known == identity : null),
        };
        var view = _view!;
        var byUid = _random.Next(2) == 0;
        var extended = _capabilities.Contains("ESEARCH") && _random.Next(2) == 0;
        // What is known by number only cannot be found by UID.
        var before = view.Entries.Where(other => !byUid || other.Uid != 0).ToList();
        var found = new HashSet<Entry>();
        var hasAnswer = false;
        var name = byUid ? "UID SEARCH" : "SEARCH";
        await DoAsync(name, $"{name} {(extended ? "RETURN (ALL) " : "")}{key}", cancellationToken, mayShrink: byUid, take: answer =>
        {
            if (answer.Name is not ("SEARCH" or "ESEARCH"))
                return false;
            hasAnswer = true;
            Require((answer.Name == "ESEARCH") == extended, $"{answer.Name} is not the answer that was asked for.");
            foreach (var result in ResultsOf(answer))
            {
                // A UID that this session was not told yet may have been found; a sequence number is always one of those that it was told.
                var index = byUid ? view.IndexOf(result) : (int)result - 1;
                Require(byUid || index < view.Count && index >= 0, $"SEARCH found message {result} of {view.Count}.");
                if (index >= 0)
                    Require(found.Add(view.Entries[index]), $"SEARCH found {result} twice.");
            }

            return true;
        });
        Require(hasAnswer, "SEARCH was answered OK without its result.");
        foreach (var other in before)
        {
            var isWanted = matches(other);
            if (isWanted == true && !found.Contains(other))
                view.LeftOut(other, $"{name} {key}");
            Require(isWanted != false || !found.Contains(other), $"{key} found UID {other.Uid} ({other.Identity}), which does not match.");
        }
    }

    private static IEnumerable<uint> ResultsOf(Answer answer)
    {
        var values = answer.Values();
        if (answer.Name == "SEARCH")
            return values.Where(value => !value.IsList).Select(value => (uint)value.Number);
        var all = values.FindIndex(value => value.Text.Equals("ALL", StringComparison.OrdinalIgnoreCase));
        return all < 0 ? [] : UidSet.Parse(values[all + 1].Text);
    }

    /// <summary>SUBJECT finds parts of words, so 12.3 finds 12.34 too.</summary>
    private static bool IsPartOf(string wanted, string subject) => subject.Contains(wanted, StringComparison.Ordinal);

    private async Task StatusAsync(CancellationToken cancellationToken)
    {
        var box = AnyBox();
        var before = box.Floor;
        var hasAnswer = false;
        await DoAsync("STATUS", $"STATUS {box.Name} (MESSAGES UIDNEXT UIDVALIDITY UNSEEN{(_kind == SessionKind.Plain ? "" : " HIGHESTMODSEQ")})", cancellationToken, take: answer =>
        {
            if (answer.Name != "STATUS")
                return false;
            hasAnswer = true;
            var items = answer.Values()[^1].Items!;
            for (var i = 0; i + 1 < items.Count; i += 2)
            {
                switch (items[i].Text.ToUpperInvariant())
                {
                    case "UIDNEXT":
                        box.TellUidNext((uint)items[i + 1].Number, before);
                        break;
                    case "UIDVALIDITY":
                        box.TellUidValidity((uint)items[i + 1].Number);
                        break;
                    case "HIGHESTMODSEQ":
                        box.TellHighestModSeq(items[i + 1].Number, before);
                        break;
                }
            }

            return true;
        });
        Require(hasAnswer, "STATUS was answered OK without its result.");
    }

    private async Task IdleAsync(CancellationToken cancellationToken)
    {
        if (!_capabilities.Contains("IDLE"))
            return;
        var tag = NextTag();
        await _connection!.SendAsync($"{tag} IDLE\r\n", cancellationToken);
        ledger.Count("IDLE");
        var over = Task.Delay(_random.Next(LongestIdleMilliseconds), cancellationToken);
        var (isIdle, isDone) = (false, false);
        while (true)
        {
            var reading = _connection.ReadAsync(cancellationToken);
            if (isIdle && !isDone && await Task.WhenAny(reading, over) == over)
            {
                isDone = true;
                await _connection.SendAsync("DONE\r\n", cancellationToken);
            }

            var answer = await reading;
            if (answer.Tag == tag)
            {
                Require(answer.IsOk && isDone, $"IDLE was answered {answer.Name} {answer.Rest}.");
                break;
            }

            if (answer.Tag == "+")
                isIdle = true;
            else
                TakeUntagged(answer, take: null, mayShrink: true);
        }
    }

    /// <summary>Some different messages whose UIDs are known, in their order.</summary>
    private List<Entry> Pick(int most)
    {
        var view = _view!;
        var wanted = 1 + _random.Next(most);
        var picked = new SortedSet<int>();
        for (var attempt = 0; attempt < wanted && view.Count > 0; attempt++)
        {
            var index = _random.Next(view.Count);
            if (view.Entries[index].Uid != 0)
                picked.Add(index);
        }

        return [.. picked.Select(index => view.Entries[index])];
    }

    private string SetOf(List<Entry> entries, bool byUid) =>
        UidSet.Write([.. entries.Select(entry => byUid ? entry.Uid : (uint)_view!.SequenceOf(entry)).Order()]);
}
