using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>STORE and UID STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3).</summary>
internal sealed class StoreCommand(bool byUid, MessageStore messages) : IImapCommand
{
    public string Name => byUid ? "UID STORE" : "STORE";

    public ImapStates AllowedIn => ImapStates.Selected;

    public ImapUpdates Updates => byUid ? ImapUpdates.All : ImapUpdates.Flags;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (!TryParse(line, out var set, out var arguments))
            return ImapAnswers.Syntax;
        if (!byUid && session.Enabled.HasFlag(ImapExtensions.UidOnly))
            return ImapAnswers.UidRequired;

        var mailbox = SelectedMailbox.Of(session);
        if (mailbox.IsReadOnly)
            return ImapAnswers.ReadOnly;
        if (arguments.UnchangedSince is not null)
            CondStore.Enable(session);
        await mailbox.TellNamedAsync(session, set, cancellationToken);
        if (mailbox.Find(set) is not { } ranges)
            return ImapAnswers.NoSuchMessage;
        if (ChangeOf(mailbox, arguments) is not { } change)
            return ImapAnswers.NoPermission;

        // What others did is told afterwards, with what this does: a client that was told it before would take it for the result.
        var asked = SelectedMessages.Of(mailbox, ranges);
        var before = mailbox.Flags;
        var storing = await messages.StoreFlagsAsync(mailbox.Handle.Id, asked.Uids, change, arguments.UnchangedSince, cancellationToken);
        await TellAsync(session, mailbox, asked, before, arguments.IsSilent ? change : null, cancellationToken);
        if (storing.Result != StoreResult.Done)
            return SelectedMessages.Refusal(storing.Result);
        if (storing.Modified.Count > 0)
            return ImapAnswer.Ok("Some were changed by others and left as they are.", "MODIFIED " + SetOf(mailbox, storing.Modified));

        // Only now is it known which were gone before the change.
        var areSomeGone = asked.AreSomeGone || asked.Entries.Any(message => !mailbox.TryGet(message.Number - 1, out _));
        return areSomeGone && !byUid ? ImapAnswers.ExpungeIssued : ImapAnswer.Ok("Stored.");
    }

    private bool TryParse(ImapCommandLine line, out NumberSet set, out StoreArguments arguments)
    {
        var parser = line.Parse();
        arguments = StoreArguments.None;
        return parser.TryMessages(byUid, out set) && parser.TrySpace() && parser.TryStoreArguments(out arguments);
    }

    /// <summary>What this person may do of it; <see langword="null"/> when it is nothing (RFC 4314 §4).</summary>
    private static FlagChange? ChangeOf(SelectedMailbox mailbox, StoreArguments arguments)
    {
        var permitted = StoreRights.Changeable(mailbox);
        var keywords = StoreRights.MayChangeKeywords(mailbox);
        var mode = arguments.Sign switch
        {
            '+' => FlagChangeMode.Add,
            '-' => FlagChangeMode.Remove,
            _ => FlagChangeMode.Replace,
        };

        // To replace all by none is a change of whatever may be changed; to add or remove nothing is nothing, and no offence.
        var names = mode == FlagChangeMode.Replace ? permitted : arguments.Flags;
        var isAllowed = (names & permitted) != MessageFlags.None || (arguments.Keywords.Count > 0 && keywords);
        if (!isAllowed && (mode == FlagChangeMode.Replace || arguments.Flags != MessageFlags.None || arguments.Keywords.Count > 0))
            return null;
        return new FlagChange(mode, arguments.Flags, arguments.Keywords) { Permitted = permitted, PermitsKeywords = keywords };
    }

    /// <summary>Tells the flags as they are now; of those that the client asked not to be told, only what others changed (RFC 9051 §6.4.6).</summary>
    /// <param name="silent">What the client knows that it did.</param>
    private static async ValueTask TellAsync(ImapSession session, SelectedMailbox mailbox, SelectedMessages asked, MailboxSnapshot before, FlagChange? silent, CancellationToken cancellationToken)
    {
        var mine = new HashSet<uint>(asked.Uids);
        foreach (var change in mailbox.TakeChanges().Changed)
        {
            if (!mine.Contains(change.Entry.Uid))
                NewsWriter.WriteChange(session, mailbox, change, withFlags: true);
            else if (silent is not null)
                TellSilent(session, mailbox, change, before, silent);
            await session.Writer.FlushBySizeAsync(cancellationToken);
        }

        if (silent is not null)
            return;
        foreach (var message in asked.Entries)
        {
            if (mailbox.TryGet(message.Number - 1, out var now))
                NewsWriter.WriteChange(session, mailbox, message with { Entry = now }, withFlags: true);
            await session.Writer.FlushBySizeAsync(cancellationToken);
        }
    }

    private static void TellSilent(ImapSession session, SelectedMailbox mailbox, in NumberedMessage now, MailboxSnapshot before, FlagChange silent)
    {
        var old = before[before.IndexOf(now.Entry.Uid)];
        var isAsExpected = silent.Apply(old.Flags) == now.Entry.Flags && silent.Apply(mailbox.Sets[old.Keywords]) == mailbox.Sets[now.Entry.Keywords].Text;

        // The ModSeq is told all the same, once CONDSTORE is on (RFC 7162 §3.1.3).
        if (!isAsExpected || session.Enabled.HasFlag(ImapExtensions.CondStore))
            NewsWriter.WriteChange(session, mailbox, now, withFlags: !isAsExpected);
    }

    private string SetOf(SelectedMailbox mailbox, IReadOnlyList<uint> uids) =>
        MessageSetText.Of(byUid ? uids : [.. uids.Select(uid => (uint)mailbox.Messages.IndexOf(uid) + 1)]);
}
