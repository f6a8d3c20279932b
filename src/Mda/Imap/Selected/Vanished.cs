using MailSuite.Mda.Store;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>Tells which messages went before the session looked (RFC 7162 §3.2.10).</summary>
internal static class Vanished
{
    /// <param name="gone">Ascending.</param>
    /// <param name="asked">Which of them are asked for, ascending.</param>
    internal static void WriteEarlier(ImapWriter writer, IReadOnlyList<UidRun> gone, IReadOnlyList<UidRange> asked)
    {
        var isFirst = true;
        for (int run = 0, range = 0; run < gone.Count && range < asked.Count;)
        {
            var first = Math.Max(gone[run].First, asked[range].First);
            var last = Math.Min(gone[run].Last, asked[range].Last);
            if (first <= last)
                Write(writer, first, last, ref isFirst);
            if (gone[run].Last < asked[range].Last)
                run++;
            else
                range++;
        }

        if (!isFirst)
            writer.Crlf();
    }

    private static void Write(ImapWriter writer, uint first, uint last, ref bool isFirst)
    {
        writer.Raw(isFirst ? "* VANISHED (EARLIER) "u8 : ","u8).Number(first);
        if (last > first)
            writer.Octet((byte)':').Number(last);
        isFirst = false;
    }
}
