using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>The UIDs of messages that have \Deleted.</summary>
internal static class DeletedMessages
{
    internal static List<uint> Of(MailboxSnapshot messages)
    {
        var uids = new List<uint>();
        for (var i = 0; i < messages.Count;)
        {
            var span = messages.SpanFrom(i);
            foreach (ref readonly var entry in span)
            {
                if (entry.Flags.HasFlag(MessageFlags.Deleted))
                    uids.Add(entry.Uid);
            }

            i += span.Length;
        }

        return uids;
    }

    internal static List<uint> Of(SelectedMailbox mailbox, IReadOnlyList<IndexRange> ranges)
    {
        var uids = new List<uint>();
        foreach (var message in SelectedMessages.Of(mailbox, ranges).Entries)
        {
            if (message.Entry.Flags.HasFlag(MessageFlags.Deleted))
                uids.Add(message.Entry.Uid);
        }

        return uids;
    }
}
