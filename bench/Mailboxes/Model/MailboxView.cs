using System.Diagnostics;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Model;

/// <summary>A mailbox as one session was told of it: sequence numbers, UIDs, flags, MODSEQs.</summary>
/// <param name="opened">When the session asked for it.</param>
/// <param name="kind">Which extensions it has enabled.</param>
/// <param name="keyword">The keyword that only this session changes, if there is one.</param>
internal sealed class MailboxView(BoxLedger box, long opened, SessionKind kind, string? keyword)
{
    private readonly List<Entry> _entries = [];
    /// <summary>A commit is in the database a moment before sessions can be told of it, which is long on a machine that has much to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Entry, (string Command, long At)> _leftOut = [];
    private long _highest;

    public BoxLedger Box => box;

    public long Opened { get; private set; } = opened;

    public uint UidValidity { get; set; }

    /// <summary>Everything up to this MODSEQ is known.</summary>
    public long Synced { get; private set; }

    public int Count => _entries.Count;

    public IReadOnlyList<Entry> Entries => _entries;

    public bool HasUnknown => _entries.Exists(static entry => entry.Uid == 0);

    /// <summary>The mailbox is asked for once more, by a session that still knows it.</summary>
    public void Reopen(long at)
    {
        Opened = at;
        _leftOut.Clear();
    }

    /// <summary>What came after <see cref="Synced"/>, from the first message on that is known by number only, is forgotten: a resynchronising session hears of it again.</summary>
    public void ForgetUnknown()
    {
        var first = _entries.FindIndex(static entry => entry.Uid == 0);
        if (first >= 0)
            _entries.RemoveRange(first, Count - first);
    }

    /// <summary>Takes what a session was told; other responses are none of it.</summary>
    /// <param name="mayShrink">Whether the command in progress allows EXPUNGE (RFC 9051 §7.5.1).</param>
    public void Apply(Answer answer, bool mayShrink)
    {
        switch (answer.Name)
        {
            case "EXISTS":
                Grow(answer.Number);
                break;
            case "EXPUNGE":
                Require(mayShrink, "EXPUNGE came while FETCH, STORE or SEARCH was answered, or no command was in progress.");
                Require(kind != SessionKind.QResync, "EXPUNGE came though QRESYNC is enabled.");
                Require(answer.Number >= 1 && answer.Number <= Count, $"EXPUNGE {answer.Number} of {Count} messages.");
                Remove((int)answer.Number - 1);
                break;
            case "VANISHED":
                Require(kind == SessionKind.QResync, "VANISHED came though QRESYNC is not enabled.");
                Vanish(answer, mayShrink);
                break;
            case "FETCH":
                Fetched(answer.Number, answer.FetchItems());
                break;
            case "OK" when answer.CodeName == "HIGHESTMODSEQ":
                Highest(Value.ParseAllOf(answer.Code)[1].Number);
                break;
        }
    }

    public void Highest(long modSeq) => _highest = Math.Max(_highest, modSeq);

    /// <summary>A command has ended that shows everything that has happened; messages that one left out some time ago must be gone by now.</summary>
    public void Settled()
    {
        foreach (var (entry, (command, at)) in _leftOut)
            Require(Stopwatch.GetElapsedTime(at) < Patience, $"UID {entry.Uid} of {box.Name} ({entry.Identity}) was left out of the answer to {command} and is there all the same.");
        if (!HasUnknown)
            Synced = Math.Max(Synced, _highest);
    }

    /// <summary>An answer that should have told of this message did not.</summary>
    public void LeftOut(Entry entry, string command)
    {
        if (_entries.Contains(entry))
            _leftOut.TryAdd(entry, (command, Stopwatch.GetTimestamp()));
    }

    /// <exception cref="WrongAnswerException">It is not there any more.</exception>
    public int SequenceOf(Entry entry)
    {
        var index = _entries.IndexOf(entry);
        Require(index >= 0, "A message was asked for that the client does not have.");
        return index + 1;
    }

    public int IndexOf(uint uid) => _entries.FindIndex(entry => entry.Uid == uid);

    public Entry At(long sequence)
    {
        Require(sequence >= 1 && sequence <= Count, $"Sequence number {sequence} of {Count} messages.");
        return _entries[(int)sequence - 1];
    }

    /// <summary>A resynchronised client counts what it has: the number of messages that SELECT told must be that.</summary>
    /// <param name="isAll">Whether new messages are told too: not where the client has said which it knows (RFC 7162 §3.2.5.1).</param>
    public void Resynchronised(long exists, IEnumerable<uint> vanished, IReadOnlyList<Answer> fetched, bool isAll)
    {
        foreach (var uid in vanished)
        {
            var index = IndexOf(uid);
            if (index >= 0)
                Remove(index);
        }

        var news = fetched.Select(answer => (answer.Number, Items: answer.FetchItems())).ToList();
        foreach (var (_, items) in news)
        {
            Require(items.ContainsKey("UID") && items.ContainsKey("FLAGS") && items.ContainsKey("MODSEQ"), "FETCH of a resynchronisation has not all of UID, FLAGS and MODSEQ.");
            var uid = (uint)items["UID"].Number;
            if (IndexOf(uid) < 0)
            {
                Require(Count == 0 || uid > _entries[^1].Uid, $"UID {uid} of {box.Name} is new to a client that knows UID {(Count == 0 ? 0 : _entries[^1].Uid)} already.");
                _entries.Add(new Entry { Uid = uid });
            }
        }

        Require(exists == Count || exists > Count && !isAll, $"SELECT told {exists} messages in {box.Name}, and the resynchronised client has {Count}.");
        Grow(exists);
        foreach (var (number, items) in news)
            Fetched(number, items);
    }

    private void Grow(long exists)
    {
        Require(exists >= Count, $"EXISTS {exists} after {Count} messages: none of them was expunged.");
        while (Count < exists)
            _entries.Add(new Entry());
    }

    private void Vanish(Answer answer, bool mayShrink)
    {
        var values = answer.Values();
        var earlier = values is [{ IsList: true }, ..];
        var uids = UidSet.Parse(values[^1].Text);
        if (earlier)
        {
            foreach (var uid in uids)
                Require(IndexOf(uid) < 0, $"VANISHED (EARLIER) names UID {uid} of {box.Name}, which this session was never told to be gone.");
            return;
        }

        Require(mayShrink, "VANISHED came while FETCH, STORE or SEARCH was answered, or no command was in progress.");
        foreach (var uid in uids)
        {
            var index = IndexOf(uid);
            if (index < 0)
            {
                index = UnknownPlaceOf(uid);
                // Which of those that are known by number only it was cannot be told, so that none of them is waited for any more.
                foreach (var unknown in _entries.Where(static entry => entry.Uid == 0))
                    _leftOut.Remove(unknown);
            }

            Require(index >= 0, $"VANISHED {uid}: this session has no such message in {box.Name}.");
            _entries[index].Uid = uid;
            Remove(index);
        }
    }

    /// <summary>A message that was told by EXISTS only may be this UID where its neighbours allow it.</summary>
    private int UnknownPlaceOf(uint uid)
    {
        var above = _entries.FindIndex(entry => entry.Uid > uid);
        var last = (above < 0 ? Count : above) - 1;
        return last >= 0 && _entries[last].Uid == 0 ? last : -1;
    }

    private void Fetched(long sequence, Dictionary<string, Value> items)
    {
        var entry = At(sequence);
        if (items.TryGetValue("UID", out var uid))
            Know((int)sequence - 1, (uint)uid.Number);
        else
            Require(kind != SessionKind.QResync || !items.ContainsKey("FLAGS"), "FETCH with FLAGS has no UID though QRESYNC is enabled.");

        if (Identity(items) is { } identity)
        {
            Require(entry.Identity is null || entry.Identity == identity, $"Message {sequence} (UID {entry.Uid}) of {box.Name} was {entry.Identity} and is {identity}.");
            entry.Identity = identity;
        }

        if (entry.Uid != 0)
            box.Seen(entry.Uid, entry.Identity, Opened);
        if (items.TryGetValue("MODSEQ", out var modSeq))
        {
            var value = modSeq.Items![0].Number;
            Require(entry.ModSeq == 0 || value == entry.ModSeq || value > Synced, $"UID {entry.Uid} of {box.Name} has MODSEQ {value}: this session was told everything up to {Synced}, but not that.");
            Require(value >= entry.ModSeq, $"MODSEQ of UID {entry.Uid} in {box.Name} was {entry.ModSeq} and is {value}.");
            entry.ModSeq = value;
            Highest(value);
        }

        if (items.TryGetValue("FLAGS", out var flags))
        {
            entry.Flags = Entry.Normalise(flags.Items!.Select(flag => flag.Text));
            Require(modSeq is not null || kind == SessionKind.Plain, "FETCH with FLAGS has no MODSEQ though CONDSTORE is enabled.");
            if (modSeq is not null && entry.Uid != 0)
                box.TellState(entry.Uid, entry.ModSeq, entry.Flags);
            if (keyword is not null && entry.Uid != 0)
                box.TellOwned(entry.Uid, keyword, entry.Has(keyword));
        }

        if (items.TryGetValue("BODY[]", out var body))
            CheckBody(entry, body.Text, items);
    }

    private void CheckBody(Entry entry, string body, Dictionary<string, Value> items)
    {
        if (body == "NIL")
        {
            // What was expunged meanwhile may be shown without its text (RFC 2180 §4.1.3).
            LeftOut(entry, "FETCH of its body");
            return;
        }

        var subject = SubjectOf(body);
        Require(subject is not null, $"The body of UID {entry.Uid} in {box.Name} has no subject.");
        Require(body == MessageText.Make(subject!), $"The body of UID {entry.Uid} in {box.Name} is not the message {subject}.");
        Require(!items.TryGetValue("RFC822.SIZE", out var size) || size.Number == body.Length, $"RFC822.SIZE of UID {entry.Uid} in {box.Name} is not {body.Length}.");
    }

    private void Know(int index, uint uid)
    {
        var entry = _entries[index];
        Require(entry.Uid == 0 || entry.Uid == uid, $"Message {index + 1} of {box.Name} had UID {entry.Uid} and has {uid}.");
        if (entry.Uid != 0)
            return;
        for (var below = index - 1; below >= 0; below--)
        {
            if (_entries[below].Uid == 0)
                continue;
            Require(_entries[below].Uid < uid, $"Message {index + 1} of {box.Name} has UID {uid}, one before it has {_entries[below].Uid}.");
            break;
        }

        for (var above = index + 1; above < Count; above++)
        {
            if (_entries[above].Uid == 0)
                continue;
            Require(_entries[above].Uid > uid, $"Message {index + 1} of {box.Name} has UID {uid}, one behind it has {_entries[above].Uid}.");
            break;
        }

        entry.Uid = uid;
    }

    private void Remove(int index)
    {
        var uid = _entries[index].Uid;
        _leftOut.Remove(_entries[index]);
        _entries.RemoveAt(index);
        if (uid != 0)
            box.Gone(uid);
    }

    /// <summary>By the subject, wherever it stands.</summary>
    private static string? Identity(Dictionary<string, Value> items)
    {
        foreach (var (name, value) in items)
        {
            if (name.Equals("ENVELOPE", StringComparison.OrdinalIgnoreCase))
                return value.Items![1].Text is "NIL" ? null : value.Items[1].Text;
            if (name.StartsWith("BODY[", StringComparison.OrdinalIgnoreCase) && SubjectOf(value.Text) is { } subject)
                return subject;
        }

        return null;
    }

    private static string? SubjectOf(string header)
    {
        const string Field = "Subject: ";
        var at = header.StartsWith(Field, StringComparison.OrdinalIgnoreCase) ? 0 : header.IndexOf("\r\n" + Field, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var begin = header.IndexOf(Field, at, StringComparison.OrdinalIgnoreCase) + Field.Length;
        return header[begin..header.IndexOf("\r\n", begin, StringComparison.Ordinal)];
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new WrongAnswerException(otherwise);
    }
}
