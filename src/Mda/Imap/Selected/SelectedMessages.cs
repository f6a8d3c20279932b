using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>The messages that a command is about.</summary>
/// <param name="Entries">Those that are there, ascending.</param>
/// <param name="AreSomeGone">Whether others were expunged, which the client was not told yet.</param>
internal readonly record struct SelectedMessages(IReadOnlyList<NumberedMessage> Entries, bool AreSomeGone)
{
    internal uint[] Uids => [.. Entries.Select(message => message.Entry.Uid)];

    internal static SelectedMessages Of(SelectedMailbox mailbox, IReadOnlyList<IndexRange> ranges)
    {
        var there = new List<NumberedMessage>(IndexRange.CountOf(ranges));
        var gone = false;
        foreach (var range in ranges)
        {
            for (var i = range.First; i <= range.Last; i++)
            {
                if (mailbox.TryGet(i, out MessageEntry entry))
                    there.Add(new NumberedMessage(i + 1, entry));
                else
                    gone = true;
            }
        }

        return new SelectedMessages(there, gone);
    }

    /// <summary>What a change that the store did not do is answered with.</summary>
    internal static ImapAnswer Refusal(StoreResult result) => result switch
    {
        StoreResult.TargetGone => ImapAnswers.NoSuchTarget,
        StoreResult.OverQuota => ImapAnswers.OverQuota,
        StoreResult.NoRoom => ImapAnswers.NoRoom,
        StoreResult.TooManyKeywords => ImapAnswers.TooManyKeywords,
        _ => ImapAnswers.NoSuchMailbox,
    };
}
