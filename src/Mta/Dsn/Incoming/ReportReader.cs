using System.Text;
using MailSuite.Shared.Status;
using MimeKit;

namespace MailSuite.Mta.Dsn.Incoming;

/// <summary>Reads reports of other hosts: those of RFC 3464, and what hosts send that do not know it. Anything may stand there; nothing of it throws.</summary>
internal static class ReportReader
{
    /// <summary>Octets of a message that are looked at: its report is in front, and what it brings back behind.</summary>
    public const int MaxOctets = 100 * 1024;

    /// <summary>Recipients of a report that are told of.</summary>
    internal const int MaxRecipients = 20;

    /// <summary>Names of a message that are looked for.</summary>
    internal const int MaxNames = 10;

    private const int MaxDepth = 10;
    private const int MaxParts = 50;

    /// <returns><see langword="null"/> when it is no report, or names no message.</returns>
    public static ReceivedReport? Read(ReadOnlyMemory<byte> octets)
    {
        try
        {
            using var stream = new MemoryStream(octets.ToArray());
            var options = ParserOptions.Default.Clone();
            options.MaxMimeDepth = MaxDepth;
            var message = MimeMessage.Load(options, stream);
            var names = new MessageNames();
            var report = ReadParts(message, names) ?? ReadUnformed(message, octets.Span, names);
            return report is { Recipients.Count: > 0, Names.Count: > 0 } ? report : null;
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ReceivedReport? ReadParts(MimeMessage message, MessageNames names)
    {
        MessageDeliveryStatus? status = null;
        var parts = 0;
        var iterator = new MimeIterator(message);
        while (iterator.MoveNext() && ++parts <= MaxParts)
        {
            switch (iterator.Current)
            {
                case MessageDeliveryStatus found:
                    status ??= found;
                    break;
                case TextRfc822Headers headers when status is not null:
                    names.Add(headers.Message?.Headers);
                    break;
                case MessagePart returned when status is not null:
                    names.Add(returned.Message?.Headers);
                    break;
                case MimePart { ContentType.MimeType: "message/global-headers" or "message/global" } global when status is not null:
                    names.AddLines(TextOf(global));
                    break;
            }
        }

        if (status is null || status.StatusGroups is not { Count: > 1 } groups)
            return null;

        if (groups[0]["Original-Envelope-Id"] is { } envelope)
            names.AddQueueId(envelope.Trim());
        return new ReceivedReport(
            After(groups[0]["Reporting-MTA"], ReportWords.MaxName), names.All,
            [.. groups.Skip(1).Take(MaxRecipients).Select(RecipientOf).OfType<ReportedRecipient>()]);
    }

    private static ReportedRecipient? RecipientOf(HeaderList group)
    {
        // What follows is often a comment: "expanded (to multi-recipient alias)".
        var word = group["Action"]?.Trim().Split(' ', '(')[0];
        if (!Enum.TryParse<ReportedAction>(word, ignoreCase: true, out var action) || char.IsAsciiDigit(word![0]))
            return null;

        // Whom the sender had named says more to the sender than where that leads (RFC 3464 §2.3.1).
        var address = After(group["Original-Recipient"], ReportWords.MaxAddress) ?? After(group["Final-Recipient"], ReportWords.MaxAddress);
        return new ReportedRecipient(
            address, action, ReportWords.StatusIn(group["Status"]), After(group["Remote-MTA"], ReportWords.MaxName), After(group["Diagnostic-Code"], ReportWords.MaxWords));
    }

    /// <summary>Reports without a form: qmail's, Exim's, and many more have words for people, and the message or its header behind them.</summary>
    private static ReceivedReport? ReadUnformed(MimeMessage message, ReadOnlySpan<byte> octets, MessageNames names)
    {
        var body = message.TextBody;
        if (body is null)
            return null;

        var recipients = message.Headers["X-Failed-Recipients"] is { } failed
            ? failed.Split(',', MaxRecipients + 1, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MaxRecipients)
                .Select(address => new ReportedRecipient(ReportWords.Line(address, ReportWords.MaxAddress), ReportedAction.Failed, ReportWords.StatusIn(body), null, ReportWords.About(body, address)))
            : QmailRecipients(body);
        var rest = HeaderSectionEnd(octets);
        names.AddLines(Encoding.UTF8.GetString(octets[rest..]));
        return new ReceivedReport(ReportWords.HostOf(message.From.Mailboxes.FirstOrDefault()?.Address), names.All, [.. recipients]);
    }

    /// <summary>QSBMF of qmail: a paragraph for each recipient, which begins with <c>&lt;address&gt;:</c>; "Hi. This is the" stands before them.</summary>
    private static IEnumerable<ReportedRecipient> QmailRecipients(string body)
    {
        if (!body.TrimStart().StartsWith("Hi. This is", StringComparison.Ordinal))
            yield break;

        var found = 0;
        foreach (var paragraph in body.ReplaceLineEndings("\n").Split("\n\n"))
        {
            if (paragraph.StartsWith("---", StringComparison.Ordinal) || found == MaxRecipients)
                yield break;
            var end = paragraph.IndexOf(">:", StringComparison.Ordinal);
            if (!paragraph.StartsWith('<') || end < 0)
                continue;

            found++;
            var words = ReportWords.Line(paragraph[(end + 2)..], ReportWords.MaxWords);
            yield return new ReportedRecipient(ReportWords.Line(paragraph[1..end], ReportWords.MaxAddress), ReportedAction.Failed, ReportWords.StatusIn(words), null, words);
        }
    }

    private static string TextOf(MimePart part)
    {
        using var octets = new MemoryStream();
        part.Content?.DecodeTo(octets);
        return Encoding.UTF8.GetString(octets.ToArray());
    }

    private static int HeaderSectionEnd(ReadOnlySpan<byte> octets)
    {
        var end = octets.IndexOf("\r\n\r\n"u8);
        return end < 0 ? octets.Length : end + 4;
    }

    /// <summary>What stands behind the type: <c>dns; mx.example.org</c>.</summary>
    private static string? After(string? field, int max)
    {
        if (field is null)
            return null;
        var line = ReportWords.Line(field[(field.IndexOf(';', StringComparison.Ordinal) + 1)..], max);
        return line.Length == 0 ? null : line;
    }
}
