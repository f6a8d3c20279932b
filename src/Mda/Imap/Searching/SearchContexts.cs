using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Search.Evaluation;
using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Imap.Searching;

/// <summary>The results of this session that are kept up to date (RFC 5267 §4.3): what comes to them and what goes is told.</summary>
/// <remarks>They end with the selection of their mailbox.</remarks>
internal sealed class SearchContexts(ImapSession session, SearchTools tools) : IUpdateSource
{
    /// <summary>Results of one session.</summary>
    internal const int MaxContexts = 10;

    private readonly List<Context> _contexts = [];
    private SelectedMailbox? _mailbox;

    public bool HasUpdates => _mailbox is { } mailbox && _contexts.Count > 0
        && (!ReferenceEquals(session.Selected, mailbox) || _contexts.Exists(context => !ReferenceEquals(context.Messages, mailbox.Messages) || !ReferenceEquals(context.Flags, mailbox.Flags)));

    public async ValueTask TellAsync(ImapSession told, ImapUpdates updates, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(session.Selected, _mailbox))
        {
            _contexts.Clear();
            return;
        }

        foreach (var context in _contexts)
            await TellAsync(context, _mailbox!, cancellationToken);
    }

    public void Dispose() => _contexts.Clear();

    /// <summary>Keeps a result up to date from now on.</summary>
    /// <returns>Whether it is; there are limits, and criteria by sequence numbers mean other messages after each change.</returns>
    internal static bool TryAdd(ImapSession session, SearchTools tools, ReadOnlyMemory<byte> tag, SearchProgram program, bool byUid, FoundMessages found)
    {
        var contexts = session.Find<SearchContexts>();
        if (contexts is null)
            session.Add(contexts = new SearchContexts(session, tools));
        if (!ReferenceEquals(contexts._mailbox, session.Selected))
            contexts._contexts.Clear();
        contexts._mailbox = SelectedMailbox.Of(session);
        if (program.UsesSequence || contexts._contexts.Count == MaxContexts)
            return false;

        contexts._contexts.Add(new Context(tag.ToArray(), program.Criterion, byUid, [.. found.Numbers(byUid: true)]) { Messages = found.Messages, Flags = found.Flags });
        return true;
    }

    /// <returns>Whether there was one.</returns>
    internal bool Cancel(ReadOnlySpan<byte> tag)
    {
        for (var i = 0; i < _contexts.Count; i++)
        {
            if (!_contexts[i].Tag.AsSpan().SequenceEqual(tag))
                continue;
            _contexts.RemoveAt(i);
            return true;
        }

        return false;
    }

    private async ValueTask TellAsync(Context context, SelectedMailbox mailbox, CancellationToken cancellationToken)
    {
        var (messages, flags) = (mailbox.Messages, mailbox.Flags);
        var gone = MailboxSnapshot.Compare(context.Messages, messages).Vanished;
        var among = new MessageSet(messages.Count);
        for (var i = messages.LowerBound(context.Messages.UidNext); i < messages.Count; i++)
            among.Add(i);
        foreach (var entry in MailboxSnapshot.Compare(context.Flags, flags).Changed)
        {
            if (messages.IndexOf(entry.Uid) is var index and >= 0)
                among.Add(index);
        }

        var asked = among.Copy();
        var found = await tools.FindAsync(messages, flags, context.Criterion, among, cancellationToken);
        context.Messages = messages;
        context.Flags = flags;

        var added = new List<uint>();
        var removed = new List<uint>();
        // By sequence number the client has heard of it by EXPUNGE, and the number means another message by now.
        foreach (var uid in gone)
        {
            if (context.Uids.Remove(uid) && context.ByUid)
                removed.Add(uid);
        }

        foreach (var index in asked.Indexes())
        {
            var uid = messages[index].Uid;
            if (found.Contains(index) ? context.Uids.Add(uid) : context.Uids.Remove(uid))
                (found.Contains(index) ? added : removed).Add(context.ByUid ? uid : (uint)index + 1);
        }

        removed.Sort();
        Write(context, " REMOVEFROM (0 "u8, removed);
        Write(context, " ADDTO (0 "u8, added);
        await session.Writer.FlushBySizeAsync(cancellationToken);
    }

    private void Write(Context context, ReadOnlySpan<byte> item, List<uint> numbers)
    {
        if (numbers.Count == 0)
            return;
        SearchWriter.WriteStart(session.Writer, new SearchCorrelator(context.Tag), context.ByUid);
        session.Writer.Raw(item).Set([.. numbers]).Close().Crlf();
    }

    /// <param name="uids">The result as the client knows it.</param>
    private sealed class Context(byte[] tag, SearchCriterion criterion, bool byUid, HashSet<uint> uids)
    {
        internal byte[] Tag => tag;

        internal SearchCriterion Criterion => criterion;

        internal bool ByUid => byUid;

        internal HashSet<uint> Uids => uids;

        internal required MailboxSnapshot Messages { get; set; }

        internal required MailboxSnapshot Flags { get; set; }
    }
}
