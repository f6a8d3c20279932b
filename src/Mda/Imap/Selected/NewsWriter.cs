using System.Text;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>Tells a client what happened to its mailbox (RFC 9051 §7.4.1 and §7.5, RFC 7162 §3.2.10, RFC 9586 §3).</summary>
internal static class NewsWriter
{
    /// <summary>How a list of the flags of a mailbox begins: all that have a bit of their own.</summary>
    private const MessageFlags System = MessageFlags.Seen | MessageFlags.Answered | MessageFlags.Flagged | MessageFlags.Deleted | MessageFlags.Draft | MessageFlags.Forwarded;

    internal static void Write(ImapSession session, SelectedMailbox mailbox, MailboxNews news)
    {
        var writer = session.Writer;
        if (news.Vanished.Count > 0 && (session.Enabled.HasFlag(ImapExtensions.QResync) || session.Enabled.HasFlag(ImapExtensions.UidOnly)))
        {
            writer.Raw("* VANISHED "u8).Set([.. news.Vanished]).Crlf();
        }
        else
        {
            // From the last to the first, so that each number is still what it was before.
            for (var i = news.Expunged.Count - 1; i >= 0; i--)
                writer.Raw("* "u8).Number(news.Expunged[i]).Raw(" EXPUNGE\r\n"u8);
        }

        if (news.Exists is { } exists)
            writer.Raw("* "u8).Number(exists).Raw(" EXISTS\r\n"u8);
        foreach (var message in news.Changed)
            WriteChange(session, mailbox, message, withFlags: true);
    }

    /// <summary>A FETCH that nobody asked for. It has the UID always, as RFC 7162 §3.2.4 wants it with QRESYNC.</summary>
    /// <param name="withFlags">Not where the client knows them, and only the ModSeq is news (RFC 7162 §3.1.3).</param>
    internal static void WriteChange(ImapSession session, SelectedMailbox mailbox, in NumberedMessage message, bool withFlags)
    {
        if (mailbox.Learn(message.Entry.Keywords))
            WriteFlagsOf(session.Writer, mailbox);

        var writer = session.Writer;
        WriteStart(session, message);
        if (!session.Enabled.HasFlag(ImapExtensions.UidOnly))
            writer.Raw("UID "u8).Number(message.Entry.Uid).Space();
        if (withFlags)
            writer.Raw("FLAGS "u8).Flags(message.Entry.Flags, mailbox.Sets[message.Entry.Keywords].Text);
        if (session.Enabled.HasFlag(ImapExtensions.CondStore))
            writer.Raw(withFlags ? " MODSEQ ("u8 : "MODSEQ ("u8).Number(message.Entry.ModSeq).Close();
        writer.Raw(")\r\n"u8);
    }

    /// <summary><c>* 1 FETCH (</c>; with UIDONLY the UID in the place of the number (RFC 9586 §3.3).</summary>
    internal static void WriteStart(ImapSession session, in NumberedMessage message)
    {
        if (session.Enabled.HasFlag(ImapExtensions.UidOnly))
            session.Writer.Raw("* "u8).Number(message.Entry.Uid).Raw(" UIDFETCH ("u8);
        else
            session.Writer.Raw("* "u8).Number(message.Number).Raw(" FETCH ("u8);
    }

    /// <summary>FLAGS and PERMANENTFLAGS: what flags there are and which of them this person may change (RFC 9051 §7.3.5, RFC 4314 §5.1.1).</summary>
    internal static void WriteFlagsOf(ImapWriter writer, SelectedMailbox mailbox)
    {
        var keywords = string.Join(' ', mailbox.Keywords);
        writer.Raw("* FLAGS "u8).Flags(System, keywords).Crlf();

        writer.Raw("* OK [PERMANENTFLAGS "u8);
        var changeable = StoreRights.Changeable(mailbox);
        if (StoreRights.MayChangeKeywords(mailbox))
            writer.Flags(changeable, keywords.Length == 0 ? "\\*" : keywords + " \\*");
        else
            writer.Flags(changeable, string.Empty);
        writer.Raw("] They are kept.\r\n"u8);
    }
}
