using MailSuite.Shared.Content;
using MimeKit;

namespace MailSuite.Mua.Reading;

/// <summary>A stored message taken apart for reading. It reads parts from the message's own octets, and so is as small as its headers.</summary>
/// <remarks>Any octets make a readable message: what is not understood is left out, and the raw source shows it. Not thread-safe.</remarks>
internal sealed class ReadableMessage : IDisposable
{
    private static readonly ParserOptions Options = new() { MaxMimeDepth = ReadingLimits.MaxMimeDepth, CharsetEncoding = System.Text.Encoding.UTF8 };

    private readonly Stream _octets;
    private readonly MessageBody _body;

    private ReadableMessage(MimeMessage mime, Stream octets)
    {
        Mime = mime;
        _octets = octets;
        _body = MessageBody.Of(mime.Body);
    }

    internal MimeMessage Mime { get; }

    internal string Subject => Mime.Subject ?? "";

    internal DateTimeOffset? Date => Mime.Headers.Contains(HeaderId.Date) && Mime.Date != DateTimeOffset.MinValue ? Mime.Date : null;

    internal bool HasHtml => _body.HasHtml;

    /// <summary>What is not shown as the body, in order.</summary>
    internal IReadOnlyList<MessagePartView> Attachments => _body.Attachments;

    /// <summary>Takes the message apart; the content must stay valid until this is disposed.</summary>
    internal static async Task<ReadableMessage> OpenAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        var octets = await OpenSeekableAsync(content, cancellationToken);
        try
        {
            return new ReadableMessage(await LoadAsync(octets, cancellationToken), octets);
        }
        catch
        {
            await octets.DisposeAsync();
            throw;
        }
    }

    /// <summary>The body as text; made from the HTML where there is no other, cut at <see cref="ReadingLimits.MaxTextOctets"/>.</summary>
    internal string ReadText(out bool isCut) => _body.ReadText(out isCut);

    /// <summary>The body as HTML, not yet harmless; <see langword="null"/> when there is none or it is too large to be shown.</summary>
    internal string? ReadHtml() => _body.ReadHtml();

    internal MessagePartView? FindPart(int number) => _body.FindPart(number);

    /// <summary>The pictures that <c>cid:</c> can name (RFC 2392), by Content-ID.</summary>
    internal IReadOnlyDictionary<string, int> PictureNumbers() => _body.PictureNumbers();

    /// <summary>The header fields in order, decoded, and bounded in number and length.</summary>
    internal IEnumerable<(string Name, string Value)> Headers => Mime.Headers.Take(ReadingLimits.MaxHeaderFields).Select(h => (h.Field, Cut(h.Value)));

    internal static IEnumerable<MailboxAddress> Addresses(InternetAddressList list) => list.Mailboxes.Take(ReadingLimits.MaxAddressesShown);

    public void Dispose()
    {
        Mime.Dispose();
        _octets.Dispose();
    }

    private static string Cut(string value) => value.Length > ReadingLimits.MaxHeaderCharacters ? string.Concat(value.AsSpan(0, ReadingLimits.MaxHeaderCharacters), "…") : value;

    private static async Task<MimeMessage> LoadAsync(Stream octets, CancellationToken cancellationToken)
    {
        try
        {
            return await MimeMessage.LoadAsync(Options, octets, persistent: true, cancellationToken);
        }
        catch (FormatException)
        {
            // No header that could be read: all of it is shown as text (RFC 5322 §2.1 has a header, but mail from programs may not).
            octets.Position = 0;
            return new MimeMessage { Body = new TextPart("plain") { Content = new MimeContent(octets) } };
        }
    }

    /// <summary>The parser leaves parts in a stream that can seek, so a large message never lies in memory whole.</summary>
    private static async Task<Stream> OpenSeekableAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        var source = content.OpenRead();
        if (source.CanSeek)
            return source;

        await using (source)
        {
            var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
            try
            {
                await source.CopyToAsync(file, cancellationToken);
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }

            file.Position = 0;
            return file;
        }
    }
}
