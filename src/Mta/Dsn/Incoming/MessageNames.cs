using System.Buffers;
using MailSuite.Mta.Spool;
using MimeKit;

namespace MailSuite.Mta.Dsn.Incoming;

/// <summary>Gathers what a returned message is called: our queue ids in its Received fields, and its Message-ID.</summary>
internal sealed class MessageNames
{
    private const int MaxMessageIdCharacters = 250;

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" ;\t\r\n)");

    private readonly List<string> _queueIds = [];
    private readonly List<string> _messageIds = [];

    /// <summary>A queue id is known to few, so it stands first.</summary>
    public IReadOnlyList<string> All => [.. _queueIds.Concat(_messageIds).Distinct(StringComparer.Ordinal).Take(ReportReader.MaxNames)];

    public void Add(HeaderList? header)
    {
        foreach (var field in header ?? [])
        {
            if (field.Id == HeaderId.Received)
                AddReceived(field.Value);
            else if (field.Id == HeaderId.MessageId)
                AddMessageId(field.Value);
        }
    }

    /// <summary>Takes them from text that may be a header, or have one in it, quoted perhaps.</summary>
    public void AddLines(string text)
    {
        foreach (var line in text.EnumerateLines())
        {
            var field = line.TrimStart("> \t");
            if (field.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase))
                AddMessageId(field["Message-ID:".Length..].ToString());
            else
                AddReceived(line.ToString());
        }
    }

    public void AddQueueId(string text)
    {
        if (_queueIds.Count < ReportReader.MaxNames && QueueId.TryParse(text, out var id))
            _queueIds.Add(id.Value);
    }

    /// <summary>The id clause of a time-stamp-line (RFC 5321 §4.4).</summary>
    private void AddReceived(string line)
    {
        for (var at = line.IndexOf("id ", StringComparison.Ordinal); at >= 0; at = line.IndexOf("id ", at + 1, StringComparison.Ordinal))
        {
            if (at > 0 && !char.IsWhiteSpace(line[at - 1]))
                continue;

            // Only the word is copied: a line may be as long as the message, and nothing but ids.
            var rest = line.AsSpan(at + 3).TrimStart();
            var end = rest.IndexOfAny(WordEnds);
            AddQueueId((end < 0 ? rest : rest[..end]).ToString());
        }
    }

    private void AddMessageId(string value)
    {
        var (start, end) = (value.IndexOf('<', StringComparison.Ordinal), value.IndexOf('>', StringComparison.Ordinal));
        if (start >= 0 && end > start + 1 && end - start <= MaxMessageIdCharacters && _messageIds.Count < ReportReader.MaxNames)
            _messageIds.Add(value[(start + 1)..end].Trim());
    }
}
