using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>One FETCH under way: reads some messages on one reader lease, writes them, gives the lease back, lets the client read, and so on.</summary>
/// <remarks>No lease is held while the client is waited for, and no more is written at once than <see cref="BatchOctets"/> and one message that fits in the database.</remarks>
internal sealed class FetchRun(ImapSession session, SelectedMailbox mailbox, FetchPlan plan, FetchTools tools)
{
    /// <summary>Octets of responses that are written before the client is let read.</summary>
    private const int BatchOctets = 128 * 1024;

    /// <summary>Messages that get \Seen in one transaction, just before they are read.</summary>
    private const int SeenBatch = 500;

    /// <summary>First readings that are told to their journeys in one transaction.</summary>
    private const int MaxFirstReadings = 1000;

    private readonly FetchWriter _writer = new(session, mailbox, plan);

    /// <summary>Of the messages that are just being read: those whose flags changed by it, and those that were unseen before.</summary>
    private readonly HashSet<uint> _changed = [];

    private readonly HashSet<uint> _wasUnseen = [];

    private FetchGathering Gathering => field ??= new FetchGathering(plan, mailbox.Messages.Mailbox, _wasUnseen);

    /// <summary>Some messages were gone before they were read.</summary>
    internal bool MetGone { get; private set; }

    internal bool MetUnknownEncoding => _writer.MetUnknownEncoding;

    internal async ValueTask RunAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
    {
        foreach (var range in ranges)
        {
            if (!plan.SetsSeen || !mailbox.Allows(MailboxRights.KeepSeen))
            {
                await RunAsync(range, cancellationToken);
                continue;
            }

            for (var first = range.First; first <= range.Last; first += SeenBatch)
            {
                var part = new IndexRange(first, Math.Min(range.Last, first + SeenBatch - 1));
                await SetSeenAsync(part, cancellationToken);
                await RunAsync(part, cancellationToken);
            }
        }

        await TellFirstReadingsAsync();
    }

    private async ValueTask RunAsync(IndexRange range, CancellationToken cancellationToken)
    {
        for (var next = range.First; next <= range.Last;)
        {
            var part = range with { First = next };
            if (!plan.NeedsStore)
            {
                next = WriteSome(part);
            }
            else
            {
                (next, var large) = await tools.Store.ReadAsync((Run: this, Part: part), static (connection, state) => state.Run.WriteSome(new FetchReading(connection), state.Part), cancellationToken);
                if (large is not null)
                    await WriteLargeAsync(large, cancellationToken);
                if (Gathering.FirstReadings.Count >= MaxFirstReadings)
                    await TellFirstReadingsAsync();
            }

            await session.Writer.FlushBySizeAsync(cancellationToken);
        }
    }

    /// <summary>Sets \Seen where it is not set (RFC 9051 §6.4.5), so that the responses have the flags already.</summary>
    private async ValueTask SetSeenAsync(IndexRange range, CancellationToken cancellationToken)
    {
        _changed.Clear();
        _wasUnseen.Clear();
        for (var i = range.First; i <= range.Last; i++)
        {
            if (mailbox.TryGet(i, out var entry) && !entry.Flags.HasFlag(MessageFlags.Seen))
                _wasUnseen.Add(entry.Uid);
        }

        if (_wasUnseen.Count == 0)
            return;

        await tools.Messages.StoreFlagsAsync(mailbox.Messages.Mailbox, [.. _wasUnseen], new FlagChange(FlagChangeMode.Add, MessageFlags.Seen, []), unchangedSince: null, cancellationToken);
        foreach (var change in mailbox.TakeChanges().Changed)
        {
            if (change.Number > range.First && change.Number <= range.Last + 1)
                _changed.Add(change.Entry.Uid);
            else
                NewsWriter.WriteChange(session, mailbox, change, withFlags: true);
        }
    }

    /// <returns>The index of the message to go on with.</returns>
    private int WriteSome(IndexRange range)
    {
        var index = range.First;
        while (index <= range.Last && session.Writer.Collected < BatchOctets)
        {
            var source = default(FetchSource);
            if (Find(index++, ref source))
                _writer.Write(source);
        }

        return index;
    }

    /// <returns>The same; and a message that was left to be written without a lease.</returns>
    private (int Next, LargeMessage? Large) WriteSome(FetchReading reading, IndexRange range)
    {
        var index = range.First;
        while (index <= range.Last && session.Writer.Collected < BatchOctets)
        {
            var source = default(FetchSource);
            if (!Find(index++, ref source))
                continue;

            switch (Gathering.Read(reading, ref source))
            {
                case FetchFind.Ready:
                    _writer.Write(source);
                    break;
                case FetchFind.Large:
                    return (index, Gathering.Large);
                default:
                    MetGone = true;
                    break;
            }
        }

        return (index, null);
    }

    private async ValueTask WriteLargeAsync(LargeMessage large, CancellationToken cancellationToken)
    {
        Stream file;
        try
        {
            file = tools.Store.Bodies.Open(large.File, large.Octets - large.Prefix.Length).OpenRead();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was expunged since the lease was given back. An open file stays readable.
            MetGone = true;
            return;
        }

        await using (file)
        {
            var content = new PrefixedContent(large.Prefix, tools.Store.Bodies.Open(large.File, large.Octets - large.Prefix.Length));
            await LargeWriter.WriteAsync(session.Writer, _writer, plan, large, content, file, cancellationToken);
        }
    }

    private async ValueTask TellFirstReadingsAsync()
    {
        if (Gathering.FirstReadings.Count == 0)
            return;
        await tools.FirstReadings.TellAsync(mailbox.Handle.Owner, mailbox.Handle.Id, Gathering.FirstReadings);
        Gathering.FirstReadings.Clear();
    }

    private bool Find(int index, ref FetchSource source)
    {
        // Of a message that is gone what the client was told last is still known, and UIDs and flags need no more (RFC 2180 §4.1.1).
        if (!mailbox.TryGet(index, out var entry) && plan.NeedsStore)
        {
            MetGone = true;
            return false;
        }

        source.Message = new NumberedMessage(index + 1, entry);
        source.TellsFlags = _changed.Contains(entry.Uid);
        return true;
    }
}
