using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Incoming;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>REPLACE and UID REPLACE (RFC 8508): a message comes and the one it replaces goes, both or none.</summary>
internal sealed class ReplaceCommand(bool byUid, AppendTargets targets, AppendParts parts, MessageStore store) : IImapCommand
{
    private static readonly ImapAnswer Gone = ImapAnswer.No("The message that is to be replaced is gone.");

    public string Name => byUid ? "UID REPLACE" : "REPLACE";

    public ImapStates AllowedIn => ImapStates.Selected;

    public string Capability => "REPLACE";

    public bool IsMessage(ReadOnlySpan<byte> arguments)
    {
        var parser = new ImapParser(arguments);
        return parser.TryNonZeroNumber(out _) && parser.TrySpace() && parser.TryAString(out _) && parser.TrySpace();
    }

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var (number, name, behind) = Parse(line, session.Utf8);
        if (name is null)
            return await targets.RefuseAsync(session, line, ImapAnswers.Syntax);
        var mailbox = SelectedMailbox.Of(session);
        if (Find(session, mailbox, number, out var replaced) is { } wrong)
            return await targets.RefuseAsync(session, line, wrong);
        var (target, refusal) = await targets.FindAsync(session, name, cancellationToken);
        if (target is null)
            return await targets.RefuseAsync(session, line, refusal);

        if (target.Mailbox.Owner == mailbox.Handle.Owner)
            target = target.Without(replaced.Octets);

        await using var reading = new AppendReading(session, target, parts, single: true);
        if (await reading.ReadAsync(line.Arguments[behind..], line.Message is not null, cancellationToken) is { } answer)
            return answer;

        var appending = await store.ReplaceAsync(mailbox.Handle.Id, replaced.Uid, target.Mailbox.Id, reading.HandOver()[0], cancellationToken);
        if (appending.Result == StoreResult.Gone)
            return Gone;
        if (appending.Result != StoreResult.Done)
            return SelectedMessages.Refusal(appending.Result);

        // Before the replaced message goes, where the new one is (RFC 8508 §4.3).
        session.Writer.Raw("* OK ["u8).Raw(AppendCommand.CodeFor(appending)).Raw("] Replacement message ready.\r\n"u8);
        return ImapAnswer.Ok("Replaced.", await mailbox.TellAllAsync(session, cancellationToken));
    }

    /// <returns>Why it cannot be replaced; <see langword="null"/> when it can.</returns>
    private ImapAnswer? Find(ImapSession session, SelectedMailbox mailbox, uint number, out MessageEntry replaced)
    {
        replaced = default;
        if (!byUid && session.Enabled.HasFlag(ImapExtensions.UidOnly))
            return ImapAnswers.UidRequired;
        if (mailbox.IsReadOnly)
            return ImapAnswers.ReadOnly;
        if (!mailbox.Allows(MailboxRights.DeleteMessages | MailboxRights.Expunge))
            return ImapAnswers.NoPermission;

        var index = byUid ? mailbox.Messages.IndexOf(number) : number <= mailbox.Messages.Count ? (int)number - 1 : -1;
        if (index < 0)
            return byUid ? Gone : ImapAnswers.NoSuchMessage;
        replaced = mailbox.Messages[index];
        return null;
    }

    private static (uint Number, string? Mailbox, int Behind) Parse(ImapCommandLine line, bool utf8)
    {
        var parser = line.Parse();
        return parser.TryNonZeroNumber(out var number) && parser.TrySpace() && parser.TryMailbox(utf8, out var name) ? (number, name, parser.Position) : (0, null, 0);
    }
}
