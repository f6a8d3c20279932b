namespace MailSuite.Mda.Imap.Selected;

/// <summary>Tells which messages went before the session looked (RFC 7162 §3.2.10).</summary>
internal static class Vanished
{
    /// <param name="gone">UIDs, ascending.</param>
    /// <param name="asked">Which of them are asked for, ascending.</param>
    internal static void WriteEarlier(ImapSession session, SelectedMailbox mailbox, IReadOnlyList<uint> gone, IReadOnlyList<UidRange> asked)
    {
        var told = new List<uint>();
        var range = 0;
        foreach (var uid in gone)
        {
            while (range < asked.Count && asked[range].Last < uid)
                range++;
            if (range == asked.Count)
                break;

            // What the client does not know yet that it went is told as any other news.
            if (uid >= asked[range].First && mailbox.Messages.IndexOf(uid) < 0)
                told.Add(uid);
        }

        if (told.Count > 0)
            session.Writer.Raw("* VANISHED (EARLIER) "u8).Set([.. told]).Crlf();
    }
}
