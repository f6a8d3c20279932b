using System.Globalization;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>What COPY and MOVE have in common: which messages, and where to.</summary>
/// <param name="Refusal">What is said instead; <see langword="null"/> when it can begin.</param>
internal readonly record struct MessageTransfer(ImapAnswer? Refusal, uint[] Uids, MailboxId Target, KeptFlags Kept)
{
    internal static async ValueTask<MessageTransfer> BeginAsync(ImapSession session, ImapCommandLine line, bool byUid, MailboxNames names, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        if (!parser.TryMessages(byUid, out var set) || !parser.TrySpace() || !parser.TryMailbox(session.Utf8, out var name) || !parser.IsAtEnd)
            return Refused(ImapAnswers.Syntax);
        if (!byUid && session.Enabled.HasFlag(ImapExtensions.UidOnly))
            return Refused(ImapAnswers.UidRequired);

        var mailbox = SelectedMailbox.Of(session);
        await mailbox.TellNamedAsync(session, set, cancellationToken);
        if (mailbox.Find(set) is not { } ranges)
            return Refused(ImapAnswers.NoSuchMessage);

        var target = await names.ResolveAsync(session.AccountId, name, cancellationToken);
        if (target is null)
            return Refused(ImapAnswers.NoSuchTarget);
        if (target.Judge(MailboxRights.Insert) is { } why)
            return Refused(why == NamespaceRefusal.NoPermission ? ImapAnswers.NoPermission : ImapAnswers.NoSuchTarget);

        var asked = SelectedMessages.Of(mailbox, ranges);
        return asked.AreSomeGone && !byUid ? Refused(ImapAnswers.ExpungeIssued) : new MessageTransfer(null, asked.Uids, target.Id, StoreRights.Kept(target.Rights));
    }

    /// <summary>COPYUID (RFC 9051 §7.1); <see langword="null"/> when no message was there any more.</summary>
    internal static string? CodeOf(Transfer outcome) => outcome.Sources.Count == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"COPYUID {outcome.UidValidity} {MessageSetText.Of(outcome.Sources)} {MessageSetText.Of(outcome.Targets)}");

    private static MessageTransfer Refused(ImapAnswer answer) => new(answer, [], default, default);
}
