using System.Buffers;
using System.Text;
using MailSuite.Shared.Content;
using MimeKit;
using MimeKit.Utils;

namespace MailSuite.Mda.Search;

/// <summary>What a message list shows and a search finds, read from the header alone. Best effort: any octets give some facts.</summary>
internal sealed record HeaderFacts
{
    /// <summary>Octets of the header that are looked at: real headers have less, hostile ones cost no more.</summary>
    internal const int MaxHeaderOctets = 64 * 1024;

    private const int MaxSubject = 1000;
    private const int MaxName = 200;
    private const int MaxAddress = 320;
    private const int MaxNames = 500;
    private const int MaxMessageId = 998;
    private const int MaxReferences = 4000;

    private static readonly HeaderFacts Nothing = new();

    internal string Subject { get; init; } = string.Empty;

    /// <summary>The display name of the first author, or the address.</summary>
    internal string FromName { get; init; } = string.Empty;

    internal string FromAddress { get; init; } = string.Empty;

    internal string ToNames { get; init; } = string.Empty;

    /// <summary>Names and addresses of To and Cc, folded for searching.</summary>
    internal string ToKey { get; init; } = string.Empty;

    internal DateTimeOffset? SentAt { get; init; }

    internal string? MessageId { get; init; }

    internal string? InReplyTo { get; init; }

    internal string? References { get; init; }

    internal string SubjectKey => SearchKey.Of(Subject);

    internal string FromKey => string.Equals(FromName, FromAddress, StringComparison.Ordinal) ? SearchKey.Of(FromAddress) : SearchKey.Of($"{FromName} {FromAddress}");

    internal static async ValueTask<HeaderFacts> ReadAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        if (content.TryGetMemory(out var octets))
            return Parse(octets);

        var buffer = ArrayPool<byte>.Shared.Rent(MaxHeaderOctets);
        try
        {
            await using var stream = content.OpenRead();
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, MaxHeaderOctets), MaxHeaderOctets, throwOnEndOfStream: false, cancellationToken);
            return Parse(buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static HeaderFacts Parse(ReadOnlyMemory<byte> message)
    {
        var header = HeaderOf(message);
        try
        {
            using var stream = new MemoryContent(header).OpenRead();
            return Of(HeaderList.Load(stream));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Nothing;
        }
    }

    internal static HeaderFacts Of(HeaderList headers)
    {
        try
        {
            return Read(headers);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // MimeKit promises no list of what odd octets may throw. The message is stored as it is; only its line in the list stays empty.
            return Nothing;
        }
    }

    /// <summary>The header with the empty line that ends it, or as much of it as is looked at.</summary>
    private static ReadOnlyMemory<byte> HeaderOf(ReadOnlyMemory<byte> message)
    {
        var first = message.Length > MaxHeaderOctets ? message[..MaxHeaderOctets] : message;
        var end = first.Span.IndexOf("\r\n\r\n"u8);
        // Cut at a line end: half a line is no field, and the parser gives up at one.
        return end < 0 ? first[..(first.Span.LastIndexOf((byte)'\n') + 1)] : first[..(end + 4)];
    }

    private static HeaderFacts Read(HeaderList headers)
    {
        var from = Mailboxes(headers, HeaderId.From).FirstOrDefault();
        var recipients = Mailboxes(headers, HeaderId.To).ToList();
        var fromAddress = Clean(from?.Address, MaxAddress);
        return new HeaderFacts
        {
            Subject = Clean(headers[HeaderId.Subject], MaxSubject),
            FromAddress = fromAddress,
            FromName = NameOf(from) is { Length: > 0 } name ? Clean(name, MaxName) : fromAddress,
            ToNames = Clean(string.Join(", ", recipients.Select(NameOf)), MaxNames),
            ToKey = SearchKey.Of(Clean(string.Join(' ', recipients.Concat(Mailboxes(headers, HeaderId.Cc)).Select(box => $"{box.Name} {box.Address}")), MaxNames * 2)),
            SentAt = DateUtils.TryParse(headers[HeaderId.Date] ?? string.Empty, out var date) ? date : null,
            MessageId = Ids(headers[HeaderId.MessageId], MaxMessageId),
            InReplyTo = Ids(headers[HeaderId.InReplyTo], MaxMessageId),
            References = Ids(headers[HeaderId.References], MaxReferences),
        };
    }

    private static IEnumerable<MailboxAddress> Mailboxes(HeaderList headers, HeaderId field)
    {
        foreach (var header in headers)
        {
            if (header.Id == field && InternetAddressList.TryParse(header.RawValue, out var list))
                return list.Mailboxes;
        }

        return [];
    }

    private static string NameOf(MailboxAddress? mailbox) => string.IsNullOrWhiteSpace(mailbox?.Name) ? mailbox?.Address ?? string.Empty : mailbox.Name;

    private static string? Ids(string? value, int maxLength)
    {
        if (value is null)
            return null;

        var ids = string.Join(' ', MimeUtils.EnumerateReferences(value).Select(id => Clean(id, MaxMessageId)));
        // Of a long thread the nearest ancestors matter: they are at the end (RFC 5322 §3.6.4).
        // No single id is longer than the limit, so there is a blank to cut at.
        if (ids.Length > maxLength)
            ids = ids[(ids.IndexOf(' ', ids.Length - maxLength - 1) + 1)..];
        return ids.Length == 0 ? null : ids;
    }

    /// <summary>One line of text: controls and bidirectional overrides, which could disguise what is shown, become spaces.</summary>
    private static string Clean(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text))
            return string.Empty;

        if (text.Length > maxLength)
            text = char.IsHighSurrogate(text[maxLength - 1]) ? text[..(maxLength - 1)] : text[..maxLength];
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text.Trim();

        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            clean.Append(char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\uFEFF' ? ' ' : c);
        return clean.ToString().Trim();
    }
}
