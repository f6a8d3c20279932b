namespace MailSuite.Mda.Imap.Searching;

/// <summary>Tells results: SEARCH, SORT (RFC 5256 §4) and ESEARCH (RFC 4731, RFC 9051 §7.3.4).</summary>
internal static class SearchWriter
{
    /// <summary>Numbers between two looks at how much was written.</summary>
    private const int MaxRun = 2000;

    /// <param name="modSeq">The highest ModSeq; <see langword="null"/> when it was not asked for.</param>
    internal static async ValueTask WritePlainAsync(ImapSession session, string name, uint[] numbers, long? modSeq, CancellationToken cancellationToken)
    {
        session.Writer.Raw("* "u8).Raw(name);
        for (var i = 0; i < numbers.Length; i++)
        {
            session.Writer.Space().Number(numbers[i]);
            if (i % MaxRun == 0)
                await session.Writer.FlushBySizeAsync(cancellationToken);
        }

        // Nothing was found: there is no ModSeq either (RFC 7162 §3.1.5).
        if (modSeq is { } highest && numbers.Length > 0)
            session.Writer.Raw(" (MODSEQ "u8).Number(highest).Close();
        session.Writer.Crlf();
    }

    internal static async ValueTask WriteExtendedAsync(
        ImapSession session, SearchCorrelator correlator, bool byUid, FoundMessages found, SearchReturn wanted, bool withModSeq, CancellationToken cancellationToken)
    {
        var writer = session.Writer;
        var numbers = found.Numbers(byUid);
        WriteStart(writer, correlator, byUid);
        if (numbers.Length > 0)
        {
            // Of a sorted result these are the first and the last in its order (RFC 5267 §3.1).
            if (wanted.Has(SearchReturnOptions.Min))
                writer.Raw(" MIN "u8).Number(numbers[0]);
            if (wanted.Has(SearchReturnOptions.Max))
                writer.Raw(" MAX "u8).Number(numbers[^1]);
            if (wanted.Has(SearchReturnOptions.All))
            {
                writer.Raw(" ALL "u8);
                await WriteSetAsync(session, numbers, cancellationToken);
            }
        }

        if (wanted.Has(SearchReturnOptions.Count))
            writer.Raw(" COUNT "u8).Number(numbers.Length);
        if (wanted.Partial is { } slice)
        {
            writer.Raw(slice.FromEnd ? " PARTIAL (-"u8 : " PARTIAL ("u8).Number(slice.First).Raw(slice.FromEnd ? ":-"u8 : ":"u8).Number(slice.Last).Space();
            var part = found.Slice(slice).Numbers(byUid);
            if (part.Length == 0)
                writer.Nil();
            else
                await WriteSetAsync(session, part, cancellationToken);
            writer.Close();
        }

        if (withModSeq && numbers.Length > 0)
            writer.Raw(" MODSEQ "u8).Number(found.Concerned(wanted).HighestModSeq());
        writer.Crlf();
        await writer.FlushBySizeAsync(cancellationToken);
    }

    /// <summary><c>* ESEARCH (TAG "A1") UID</c>.</summary>
    internal static void WriteStart(ImapWriter writer, SearchCorrelator correlator, bool byUid)
    {
        writer.Raw("* ESEARCH (TAG "u8).String(correlator.Tag.Span);
        if (correlator.Mailbox is { } mailbox)
            writer.Raw(" MAILBOX "u8).Mailbox(mailbox).Raw(" UIDVALIDITY "u8).Number(correlator.UidValidity);
        writer.Close();
        if (byUid)
            writer.Raw(" UID"u8);
    }

    /// <summary>Numbers in their order, as far as they follow one another as ranges.</summary>
    private static async ValueTask WriteSetAsync(ImapSession session, uint[] numbers, CancellationToken cancellationToken)
    {
        var runs = 0;
        for (var i = 0; i < numbers.Length;)
        {
            var last = i;
            while (last + 1 < numbers.Length && numbers[last + 1] == numbers[last] + 1)
                last++;
            if (i > 0)
                session.Writer.Octet((byte)',');
            session.Writer.Number(numbers[i]);
            if (last > i)
                session.Writer.Octet((byte)':').Number(numbers[last]);
            i = last + 1;
            if (++runs % MaxRun == 0)
                await session.Writer.FlushBySizeAsync(cancellationToken);
        }
    }
}

/// <summary>Which command a result belongs to, and, when it searched several, which mailbox (RFC 7377 §2.1).</summary>
internal readonly record struct SearchCorrelator(ReadOnlyMemory<byte> Tag, string? Mailbox = null, uint UidValidity = 0);
