using MailSuite.Mua.Reading;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MailSuite.Mua.Web;

/// <summary>Parts of messages as downloads that no browser runs.</summary>
internal static class Downloads
{
    /// <summary>The decoded octets of a part as an attachment; <see langword="null"/> when there is no such part.</summary>
    internal static async Task<IResult?> PartAsync(StoredMessage stored, int number, CancellationToken cancellationToken)
    {
        var message = await ReadableMessage.OpenAsync(stored.Content, cancellationToken);
        if (message.FindPart(number) is not { } part)
        {
            message.Dispose();
            return null;
        }

        return new PartResult(message, part, inline: false);
    }

    /// <summary>A picture for showing within a message; <see langword="null"/> when the part is none.</summary>
    internal static async Task<IResult?> PictureAsync(StoredMessage stored, int number, CancellationToken cancellationToken)
    {
        var message = await ReadableMessage.OpenAsync(stored.Content, cancellationToken);
        if (message.FindPart(number) is not { IsPicture: true } part)
        {
            message.Dispose();
            return null;
        }

        return new PartResult(message, part, inline: true);
    }

    private sealed class PartResult(ReadableMessage message, MessagePartView part, bool inline) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using (message)
            {
                var response = httpContext.Response;
                // A type that a browser might run, or that it does not know, is saved as octets.
                response.ContentType = part.IsPicture || part.ContentType is "application/pdf" or "text/plain" or "application/zip" ? part.ContentType : "application/octet-stream";
                var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
                disposition.SetHttpFileName(part.Name);
                response.Headers.ContentDisposition = disposition.ToString();
                response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
                response.Headers.XContentTypeOptions = "nosniff";
                response.Headers.CacheControl = "private, max-age=3600";
                await part.WriteAsync(response.Body, httpContext.RequestAborted);
            }
        }
    }
}
