using MailSuite.Bench.Mailboxes.Model;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Mix;

/// <summary>What a mailbox holds when nobody changes it, by UID.</summary>
internal sealed class FinalState
{
    private readonly BoxLedger _box;
    private readonly SortedDictionary<uint, (string Identity, string Flags)> _messages = [];

    private FinalState(BoxLedger box) => _box = box;

    public int Count => _messages.Count;

    /// <summary>Reads it with a client that knows nothing.</summary>
    public static async Task<FinalState> ReadAsync(MixSession stranger, BoxLedger box, CancellationToken cancellationToken)
    {
        var state = new FinalState(box);
        var view = await stranger.LookAsync(box, cancellationToken);
        foreach (var entry in view.Entries)
            state._messages.Add(entry.Uid, (entry.Identity!, entry.Flags!));
        return state;
    }

    /// <summary>What a session has come to know is this.</summary>
    public void Check(MailboxView view)
    {
        Require(view.Count == Count, $"A session has {view.Count} messages in {_box.Name}, a new one {Count}.");
        foreach (var entry in view.Entries)
        {
            Require(_messages.TryGetValue(entry.Uid, out var message), $"A session has UID {entry.Uid} in {_box.Name}, a new one does not.");
            Require(entry.Identity is null || entry.Identity == message.Identity, $"UID {entry.Uid} of {_box.Name} is {entry.Identity} to one session and {message.Identity} to a new one.");
            Require(entry.Flags is null || entry.Flags == message.Flags, $"UID {entry.Uid} of {_box.Name} has the flags ({entry.Flags}) to one session and ({message.Flags}) to a new one.");
        }
    }

    /// <summary>Nothing has changed since.</summary>
    public void Check(FinalState later)
    {
        Require(_messages.Keys.SequenceEqual(later._messages.Keys), $"After the restart {_box.Name} has other UIDs.");
        foreach (var (uid, message) in _messages)
            Require(message == later._messages[uid], $"After the restart UID {uid} of {_box.Name} is {later._messages[uid]} and not {message}.");
    }

    /// <summary>Every message that should be here is, once, and every one that is here should be.</summary>
    public void Check() => _box.Read((fates, doubts) =>
    {
        foreach (var (uid, fate) in fates)
        {
            var isHere = _messages.ContainsKey(uid);
            var mayBeGone = !fate.IsCreated || fate.MayBeExpunged || fate.MayBeMoved;
            Require(!isHere || fate.GoneAt == 0, $"UID {uid} of {_box.Name} ({fate.Identity}) is there, and was told to be gone.");
            Require(!isHere || !fate.IsMoved, $"UID {uid} of {_box.Name} ({fate.Identity}) is there, and its MOVE was answered OK.");
            Require(isHere || mayBeGone, $"UID {uid} of {_box.Name} ({fate.Identity}) is lost: nobody has asked for it to be expunged.");
            var isSilent = _box.HasSilentExpunges && fate.MayBeExpunged || doubts.Count > 0 || fate.MayBeMoved;
            Require(isHere || fate.GoneAt != 0 || !fate.IsCreated || isSilent, $"UID {uid} of {_box.Name} ({fate.Identity}) is lost: no session was told that it is gone.");
            foreach (var (keyword, isSet) in isHere ? fate.Owned : [])
            {
                Require($" {_messages[uid].Flags} ".Contains($" {keyword} ", StringComparison.OrdinalIgnoreCase) == isSet,
                    $"{keyword} of UID {uid} in {_box.Name} is {(isSet ? "lost" : "set again")}: the flags are ({_messages[uid].Flags}).");
            }
        }

        CheckDoubts(fates, doubts);
        return true;
    });

    /// <summary>What no answered command has made must have been made by one whose connection broke.</summary>
    private void CheckDoubts(IReadOnlyDictionary<uint, Fate> fates, IReadOnlyList<Doubt> doubts)
    {
        var left = doubts.ToList();
        foreach (var (uid, (identity, _)) in _messages)
            Require(fates.ContainsKey(uid), $"UID {uid} of {_box.Name} ({identity}) was told to nobody.");
        foreach (var (uid, fate) in fates.Where(pair => !pair.Value.IsCreated && pair.Value.Identity is not null))
        {
            var index = left.FindIndex(doubt => doubt.Identity is null || doubt.Identity == fate.Identity);
            Require(index >= 0, $"UID {uid} of {_box.Name} ({fate.Identity}) was made by nobody, or twice.");
            left.RemoveAt(index);
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new WrongAnswerException(otherwise);
    }
}
