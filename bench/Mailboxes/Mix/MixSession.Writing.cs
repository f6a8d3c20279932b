using System.Net.Sockets;
using MailSuite.Bench.Mailboxes.Model;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Mix;

/// <content>What changes mailboxes, and which command comes next.</content>
internal sealed partial class MixSession
{
    private const char LiteralMark = '\u0001';
    private static readonly string[] CommonFlags = ["\\Seen", "\\Flagged", "\\Answered", "\\Draft", "$Work", "$Later", "NonJunk"];

    private Task AnythingAsync(CancellationToken cancellationToken)
    {
        var isFull = _view!.Count > plan.Messages;
        return _random.Next(100) switch
        {
            < 14 => FetchFlagsAsync(cancellationToken),
            < 24 => FetchBodyAsync(cancellationToken),
            < 42 => StoreAsync(cancellationToken),
            < 54 => isFull ? DeleteAsync(cancellationToken) : AppendAsync(cancellationToken),
            < 60 => isFull ? DeleteAsync(cancellationToken) : CopyAsync(cancellationToken),
            < 67 => MoveAsync(cancellationToken),
            < 73 => ExpungeAsync(cancellationToken),
            < 80 => SearchAsync(cancellationToken),
            < 83 => StatusAsync(cancellationToken),
            < 88 => LookAgainAsync(cancellationToken),
            < 93 => IdleAsync(cancellationToken),
            < 96 => SelectAsync(AnyBox(), cancellationToken),
            < 98 => CloseAsync(cancellationToken),
            _ => ReconnectAsync(cancellationToken),
        };
    }

    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        await LearnAsync(cancellationToken);
    }

    /// <summary>Leaves in one of the ways there are, the rudest too.</summary>
    private async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        if (_random.Next(2) == 0)
            await _connection!.SendAsync($"{NextTag()} LOGOUT\r\n", cancellationToken);
        await DropAsync();
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        var view = _view!;
        if (_random.Next(2) == 0 && _capabilities.Contains("UNSELECT"))
        {
            await DoAsync("UNSELECT", "UNSELECT", cancellationToken);
        }
        else
        {
            view.Box.HasSilentExpunges = true;
            await DoAsync("CLOSE", "CLOSE", cancellationToken);
        }

        Leave();
    }

    private async Task AppendAsync(CancellationToken cancellationToken)
    {
        var box = AnyBox();
        var count = _capabilities.Contains("MULTIAPPEND") && _random.Next(4) == 0 ? 2 + _random.Next(3) : 1;
        var identities = Enumerable.Range(0, count).Select(_ => ledger.NewIdentity()).ToList();
        var command = $"APPEND {box.Name}";
        foreach (var _ in identities)
            command += $"{(_random.Next(2) == 0 ? $" ({CommonFlags[_random.Next(CommonFlags.Length)]})" : "")}{(_random.Next(4) == 0 ? " \"24-Nov-2026 10:00:00 +0000\"" : "")} {LiteralMark}";
        var before = box.Floor;
        Answer end;
        try
        {
            end = await DoAsync("APPEND", command, cancellationToken, literals: [.. identities.Select(MessageText.Make)]);
        }
        catch (Exception e) when (IsBroken(e))
        {
            foreach (var identity in identities)
                box.Doubt(new Doubt(identity, Source: null, SourceUid: 0));
            throw;
        }

        Require(end.CodeName == "APPENDUID", "APPEND was answered OK without APPENDUID.");
        var code = Value.ParseAllOf(end.Code);
        box.TellUidValidity((uint)code[1].Number);
        var uids = UidSet.Parse(code[2].Text);
        Require(uids.Count == count, $"APPEND of {count} messages has {uids.Count} UIDs.");
        box.Created(uids, identities, [.. identities.Select(_ => false)], before);
        ledger.Count("messages appended", count);
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        var picked = Pick(8);
        if (picked.Count == 0)
            return;
        var view = _view!;
        var uids = picked.Select(entry => entry.Uid).ToList();
        var byUid = _random.Next(2) == 0;
        var isSilent = _random.Next(2) == 0;
        var isOwn = _keyword is not null && _random.Next(3) == 0;
        var isReplace = !isOwn && _random.Next(12) == 0;
        var isDelete = !isOwn && !isReplace && _random.Next(5) == 0;
        var sign = isReplace ? "" : _random.Next(2) == 0 || isDelete ? "+" : "-";
        var flag = isOwn ? _keyword! : isDelete ? "\\Deleted" : CommonFlags[_random.Next(CommonFlags.Length)];
        if (isDelete)
            view.Box.Note(uids, static fate => fate.MayBeExpunged = true);
        if (isReplace)
            view.Box.Note(uids, static fate => { fate.IsReplaced = true; fate.Owned.Clear(); });
        if (isOwn)
            view.Box.Note(uids, fate => fate.Owned.Remove(_keyword!));

        var isConditional = _kind != SessionKind.Plain && _random.Next(4) == 0;
        var unchangedSince = picked.Max(entry => entry.ModSeq);
        // What anybody was told before this command to have changed after that must not be changed by it.
        var mustFail = isConditional
            ? view.Box.Read((fates, _) => uids.Where(uid => fates.TryGetValue(uid, out var fate) && fate.ModSeq > unchangedSince).ToHashSet())
            : [];
        var name = byUid ? "UID STORE" : "STORE";
        var (answered, shown) = (new HashSet<Entry>(), new HashSet<Entry>());
        var end = await DoAsync(
            name, $"{name} {SetOf(picked, byUid)} {(isConditional ? $"(UNCHANGEDSINCE {unchangedSince}) " : "")}{sign}FLAGS{(isSilent ? ".SILENT" : "")} ({flag})",
            cancellationToken, mayShrink: byUid, mayFail: true, take: answer =>
            {
                if (answer.Name == "FETCH")
                {
                    answered.Add(view.At(answer.Number));
                    if (answer.FetchItems().ContainsKey("FLAGS"))
                        shown.Add(view.At(answer.Number));
                }

                return false;
            });

        var modified = ModifiedOf(end, byUid, picked);
        // One that is gone cannot be told to be modified; then it is told to be gone.
        foreach (var entry in picked.Where(entry => mustFail.Contains(entry.Uid) && !modified.Contains(entry.Uid)))
            view.LeftOut(entry, "STORE (UNCHANGEDSINCE) as modified");
        if (!end.IsOk)
        {
            Forget(picked);
            return;
        }

        foreach (var entry in picked.Where(entry => !modified.Contains(entry.Uid)))
        {
            if (!isSilent && !plan.SparesDovecot && !answered.Contains(entry))
                view.LeftOut(entry, name);
            if (isSilent && !shown.Contains(entry) && entry.Flags is not null)
                entry.Flags = Changed(entry.Flags, sign, flag);
            // A UID that is gone is passed over without a word, so that only an answer says that it was there.
            if (isOwn && (!byUid || shown.Contains(entry)))
                view.Box.Note([entry.Uid], fate => Own(fate, sign == "+"));
        }
    }

    /// <summary>Some of the messages were gone; what became of the flags of the others is not known.</summary>
    private static void Forget(List<Entry> entries) => entries.ForEach(static entry => entry.Flags = null);

    private void Own(Fate fate, bool isSet)
    {
        if (!fate.IsReplaced)
            fate.Owned[_keyword!] = isSet;
    }

    private static string Changed(string flags, string sign, string flag) => sign switch
    {
        "" => Entry.Normalise([flag]),
        "+" => Entry.Normalise([.. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries), flag]),
        _ => Entry.Normalise(flags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(other => !other.Equals(flag, StringComparison.OrdinalIgnoreCase))),
    };

    private HashSet<uint> ModifiedOf(Answer end, bool byUid, List<Entry> picked)
    {
        if (end.CodeName != "MODIFIED")
            return [];
        var numbers = UidSet.Parse(Value.ParseAllOf(end.Code)[1].Text);
        return [.. byUid ? numbers.Where(uid => picked.Exists(entry => entry.Uid == uid)) : numbers.Select(sequence => _view!.At(sequence).Uid)];
    }

    /// <summary>Marks some and takes them out.</summary>
    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var picked = Pick(20);
        if (picked.Count == 0)
            return;
        _view!.Box.Note(picked.Select(entry => entry.Uid), static fate => fate.MayBeExpunged = true);
        var end = await DoAsync("UID STORE", $"UID STORE {SetOf(picked, byUid: true)} +FLAGS.SILENT (\\Deleted)", cancellationToken, mayFail: true);
        if (!end.IsOk)
            Forget(picked);
        foreach (var entry in picked.Where(entry => entry.Flags is not null))
            entry.Flags = Changed(entry.Flags!, "+", "\\Deleted");
        await ExpungeAsync(cancellationToken);
    }

    private async Task ExpungeAsync(CancellationToken cancellationToken)
    {
        var box = _view!.Box;
        var marked = _view.Entries.Where(static entry => entry.Uid != 0 && entry.Has("\\deleted")).ToList();
        try
        {
            if (marked.Count > 0 && _capabilities.Contains("UIDPLUS") && _random.Next(2) == 0)
            {
                await DoAsync("UID EXPUNGE", $"UID EXPUNGE {SetOf(marked, byUid: true)}", cancellationToken);
            }
            else
            {
                // It takes messages too that no session knew by their UIDs.
                box.HasSilentExpunges = true;
                await DoAsync("EXPUNGE", "EXPUNGE", cancellationToken);
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            box.HasSilentExpunges = true;
            throw;
        }
    }

    private async Task CopyAsync(CancellationToken cancellationToken) => await TransferAsync("COPY", isMove: false, cancellationToken);

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        if (!plan.SparesDovecot && _capabilities.Contains("MOVE"))
            await TransferAsync("MOVE", isMove: true, cancellationToken);
    }

    private async Task TransferAsync(string verb, bool isMove, CancellationToken cancellationToken)
    {
        var view = _view!;
        var target = AnyBox();
        var picked = Pick(6);
        if (picked.Count == 0 || target == view.Box)
            return;
        var byUid = _random.Next(2) == 0;
        var name = byUid ? $"UID {verb}" : verb;
        if (isMove)
            view.Box.Note(picked.Select(entry => entry.Uid), static fate => fate.MayBeMoved = true);
        var before = target.Floor;
        var code = "";
        Answer end;
        try
        {
            end = await DoAsync(name, $"{name} {SetOf(picked, byUid)} {target.Name}", cancellationToken, mayFail: true, take: answer =>
            {
                if (answer.CodeName == "COPYUID")
                    code = answer.Code;
                return false;
            });
        }
        catch (Exception e) when (IsBroken(e))
        {
            foreach (var entry in picked)
                target.Doubt(new Doubt(entry.Identity, isMove ? view.Box : null, entry.Uid));
            throw;
        }

        if (end.CodeName == "COPYUID")
            code = end.Code;
        if (code.Length > 0)
            Transferred(view, target, picked, code, isMove, before);
    }

    private void Transferred(MailboxView view, BoxLedger target, List<Entry> picked, string code, bool isMove, Floor before)
    {
        var values = Value.ParseAllOf(code);
        target.TellUidValidity((uint)values[1].Number);
        var (sources, copies) = (UidSet.Parse(values[2].Text), UidSet.Parse(values[3].Text));
        Require(sources.Count == copies.Count, "COPYUID has not as many copies as sources.");
        var identities = new List<string?>();
        foreach (var uid in sources)
        {
            var entry = picked.Find(entry => entry.Uid == uid);
            Require(entry is not null, $"COPYUID names UID {uid}, which was not to be copied.");
            identities.Add(entry!.Identity);
            Require(!isMove || view.IndexOf(uid) < 0, $"MOVE has ended and UID {uid} was not told to be gone.");
        }

        if (isMove)
        {
            view.Box.Note(sources, fate =>
            {
                Require(!fate.IsMoved, $"The message {fate.Identity} of {view.Box.Name} was moved by two sessions.");
                fate.IsMoved = true;
            });
        }

        var mayBeExpunged = view.Box.Read((fates, _) => sources.ConvertAll(uid => fates[uid].MayBeExpunged));
        target.Created(copies, identities, mayBeExpunged, before);
        ledger.Count(isMove ? "messages moved" : "messages copied", copies.Count);
    }

    private static bool IsBroken(Exception e) => e is IOException or SocketException or OperationCanceledException;
}
