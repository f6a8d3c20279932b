using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MailSuite.Mda.Search.Sorting;
using MimeKit;
using MimeKit.Utils;

namespace MailSuite.Mda.Search.Text;

/// <summary>What SORT, THREAD and the SENT keys look at, read from the header. All strings are folded.</summary>
/// <param name="SentAt">The Date field in Unix seconds; <see langword="null"/> when there is none that can be read.</param>
/// <param name="SentDay">The day of the Date field in its own time zone (RFC 9051 §6.4.4: "disregarding time and timezone"), counted from 0001-01-01.</param>
/// <param name="From">addr-mailbox of the first address (RFC 5256 §3); <paramref name="FromName"/> is how it is displayed (RFC 5957).</param>
/// <param name="Ids">Eight octets for each message-id: the own one (zeros for none), then what it refers to, oldest first.</param>
internal sealed record SearchFacts(
    long? SentAt, int? SentDay, BaseSubject Subject, byte[] From, byte[] To, byte[] Cc, byte[] FromName, byte[] ToName, byte[] Ids)
{
    /// <summary>Of a longer chain of references the nearest are kept.</summary>
    private const int MaxReferences = 100;

    private const int MaxSubject = 1000;

    private const int MaxAddress = 320;

    internal static readonly SearchFacts Nothing = new(null, null, new BaseSubject(string.Empty, IsReply: false), [], [], [], [], [], new byte[8]);

    internal ulong Id => BinaryPrimitives.ReadUInt64LittleEndian(Ids);

    internal ulong[] References
    {
        get
        {
            var references = new ulong[(Ids.Length / 8) - 1];
            for (var i = 0; i < references.Length; i++)
                references[i] = BinaryPrimitives.ReadUInt64LittleEndian(Ids.AsSpan((i + 1) * 8));
            return references;
        }
    }

    internal static SearchFacts Of(HeaderList headers)
    {
        DateTimeOffset? sent = DateUtils.TryParse(headers[HeaderId.Date] ?? string.Empty, out var date) ? date : null;
        var (from, fromName) = AddressOf(headers, HeaderId.From);
        var (to, toName) = AddressOf(headers, HeaderId.To);
        return new SearchFacts(
            sent?.ToUnixTimeSeconds(),
            sent is { } local ? DateOnly.FromDateTime(local.DateTime).DayNumber : null,
            BaseSubject.Of(Encoding.UTF8.GetString(FoldedText.Of(Cut(headers[HeaderId.Subject] ?? string.Empty, MaxSubject)))),
            from, to, AddressOf(headers, HeaderId.Cc).Mailbox, fromName, toName, IdsOf(headers));
    }

    private static (byte[] Mailbox, byte[] Name) AddressOf(HeaderList headers, HeaderId field)
    {
        foreach (var header in headers)
        {
            if (header.Id != field)
                continue;

            if (!InternetAddressList.TryParse(header.RawValue, out var list) || list.Count == 0)
                return ([], []);
            // A group is its name in the envelope, and sorts by it (RFC 5256 §3, RFC 9051 §7.5.2).
            if (list[0] is not MailboxAddress first)
                return (FoldedText.Of(Cut(list[0].Name ?? string.Empty, MaxAddress)), FoldedText.Of(Cut(list[0].Name ?? string.Empty, MaxAddress)));

            var address = Cut(first.Address, MaxAddress);
            var at = address.LastIndexOf('@');
            return (FoldedText.Of(at < 0 ? address : address[..at]), FoldedText.Of(string.IsNullOrWhiteSpace(first.Name) ? address : Cut(first.Name, MaxAddress)));
        }

        return ([], []);
    }

    private static byte[] IdsOf(HeaderList headers)
    {
        var references = MimeUtils.EnumerateReferences(headers[HeaderId.References] ?? string.Empty).ToList();
        if (references.Count == 0)
            references = [.. MimeUtils.EnumerateReferences(headers[HeaderId.InReplyTo] ?? string.Empty).Take(1)];
        var kept = references.Count > MaxReferences ? references[^MaxReferences..] : references;
        var ids = new byte[8 * (1 + kept.Count)];
        if (MimeUtils.EnumerateReferences(headers[HeaderId.MessageId] ?? string.Empty).FirstOrDefault() is { } own)
            Hash(own, ids);
        for (var i = 0; i < kept.Count; i++)
            Hash(kept[i], ids.AsSpan(8 * (i + 1)));
        return ids;
    }

    private static void Hash(string id, Span<byte> target)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        hash[..8].CopyTo(target);
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
