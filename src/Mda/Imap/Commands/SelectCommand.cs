using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>SELECT and EXAMINE (RFC 9051 §6.3.2 and §6.3.3, RFC 7162 §3.1.8 and §3.2.5).</summary>
internal sealed class SelectCommand(bool readOnly, MailStore store, ExpungeHistory expunged, MailboxNames names) : IImapCommand
{
    public string Name => readOnly ? "EXAMINE" : "SELECT";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ImapUpdates Updates => ImapUpdates.None;

    public async ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        if (!TryParse(session, line, out var name, out var parameters))
            return ImapAnswers.Syntax;
        if (parameters.QResync is not null && !session.Enabled.HasFlag(ImapExtensions.QResync))
            return ImapAnswer.Bad("First ENABLE QRESYNC.");

        // What was selected is left, whatever becomes of this (RFC 9051 §6.3.2); from here on responses are about the new one (§7.1, CLOSED).
        if (session.Selected is not null)
        {
            session.Select(null);
            session.Writer.Raw("* OK [CLOSED] The other mailbox is left.\r\n"u8);
        }

        var handle = await names.ResolveAsync(session.AccountId, name, cancellationToken);
        if (handle is null)
            return ImapAnswers.NoSuchMailbox;
        if (handle.Judge(MailboxRights.Read) is { } why)
            return why == NamespaceRefusal.NoPermission ? ImapAnswers.NoPermission : ImapAnswers.NoSuchMailbox;
        if (await store.Open.OpenAsync(handle.Id, cancellationToken) is not { } open)
            return ImapAnswers.NoSuchMailbox;

        var mailbox = new SelectedMailbox(open, session.AccountId, handle, readOnly || !StoreRights.MayChangeAnything(handle.Rights), names, store.Keywords);
        session.Select(mailbox);
        if (parameters.CondStore || parameters.QResync is not null)
            session.Enable(ImapExtensions.CondStore);

        SelectWriter.Write(session, mailbox);
        if (parameters.QResync is { } known && known.UidValidity == mailbox.Messages.UidValidity.Value)
            await ResynchroniseAsync(session, mailbox, known, cancellationToken);
        return ImapAnswer.Ok("Selected.", mailbox.IsReadOnly ? "READ-ONLY" : "READ-WRITE");
    }

    private static bool TryParse(ImapSession session, ImapCommandLine line, out string name, out SelectParameters parameters)
    {
        var parser = line.Parse();
        parameters = default;
        name = string.Empty;
        if (!parser.TryMailbox(session.Utf8, out var found))
            return false;
        name = found;
        return parser.TrySelectParameters(out parameters);
    }

    /// <summary>What happened since the client was here last (RFC 7162 §3.2.5.1): which of its messages went, and which have other flags now.</summary>
    private async ValueTask ResynchroniseAsync(ImapSession session, SelectedMailbox mailbox, QResyncParameter known, CancellationToken cancellationToken)
    {
        var messages = mailbox.Messages;
        if (known.ModSeq >= messages.HighestModSeq)
            return;

        IReadOnlyList<UidRange> asked = known.Known is { } set ? [.. set.Normalize(uint.MaxValue).Select(range => new UidRange(range.Low, range.High))] : [new UidRange(1, uint.MaxValue)];
        Vanished.WriteEarlier(session.Writer, await expunged.SinceAsync(messages, known.ModSeq, cancellationToken), asked);
        foreach (var uids in asked)
        {
            if (!uids.TryFind(messages, out var range))
                continue;
            for (var i = range.First; i <= range.Last; i++)
            {
                var entry = messages[i];
                if (entry.ModSeq <= known.ModSeq)
                    continue;
                NewsWriter.WriteChange(session, mailbox, new NumberedMessage(i + 1, entry), withFlags: true);
                await session.Writer.FlushBySizeAsync(cancellationToken);
            }
        }
    }
}
