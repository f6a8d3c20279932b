namespace MailSuite.Mda.Imap.Selected;

/// <summary>Switches CONDSTORE on by a command that implies it (RFC 7162 §3.1).</summary>
internal static class CondStore
{
    internal static void Enable(ImapSession session)
    {
        if (session.Enabled.HasFlag(ImapExtensions.CondStore))
            return;

        session.Enable(ImapExtensions.CondStore);

        // The client is to know from where on it hears of all changes (RFC 7162 §3.1.2.1).
        if (session.Selected is SelectedMailbox mailbox)
            session.Writer.Raw("* OK [HIGHESTMODSEQ "u8).Number(mailbox.Messages.HighestModSeq).Raw("] From here on.\r\n"u8);
    }
}
