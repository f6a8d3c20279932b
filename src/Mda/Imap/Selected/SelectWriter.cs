using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>What SELECT tells of a mailbox (RFC 9051 §6.3.2; to clients of IMAP4rev1 also what RFC 3501 §6.3.1 has beside it).</summary>
internal static class SelectWriter
{
    internal static void Write(ImapSession session, SelectedMailbox mailbox)
    {
        var writer = session.Writer;
        var messages = mailbox.Messages;
        var isRev2 = session.Enabled.HasFlag(ImapExtensions.Imap4Rev2);
        NewsWriter.WriteFlagsOf(writer, mailbox);
        writer.Raw("* "u8).Number(messages.Count).Raw(" EXISTS\r\n"u8);
        if (!isRev2)
            WriteRev1(session, messages);
        writer.Raw("* OK [UIDVALIDITY "u8).Number(messages.UidValidity.Value).Raw("] As long as it is this, UIDs are.\r\n"u8);
        writer.Raw("* OK [UIDNEXT "u8).Number(messages.UidNext).Raw("] The next message has this UID, or a higher one.\r\n"u8);
        writer.Raw("* OK [HIGHESTMODSEQ "u8).Number(messages.HighestModSeq).Raw("] The last change.\r\n"u8);
        writer.Raw("* OK [MAILBOXID (F"u8).Number(mailbox.Handle.Id.Value).Raw(")] Its name for ever.\r\n"u8);
        if (isRev2)
            writer.Raw("* LIST () \"/\" "u8).Mailbox(mailbox.Handle.Name).Crlf();
    }

    /// <summary>DEVIATION: RFC 3501 §2.3.2 has \Recent for messages that no session saw before. Nobody knows what to do with it, IMAP4rev2 has it no more, and here no message ever has it.</summary>
    private static void WriteRev1(ImapSession session, MailboxSnapshot messages)
    {
        session.Writer.Raw("* 0 RECENT\r\n"u8);
        // With UIDONLY no sequence number is told at all (RFC 9586 §3).
        if (!session.Enabled.HasFlag(ImapExtensions.UidOnly) && FirstUnseen(messages) is > 0 and var unseen)
            session.Writer.Raw("* OK [UNSEEN "u8).Number(unseen).Raw("] The first that is unseen.\r\n"u8);
    }

    private static int FirstUnseen(MailboxSnapshot messages)
    {
        for (var i = 0; i < messages.Count;)
        {
            foreach (ref readonly var entry in messages.SpanFrom(i))
            {
                i++;
                if (!entry.Flags.HasFlag(MessageFlags.Seen))
                    return i;
            }
        }

        return 0;
    }
}
