using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Caching.Memory;

namespace MailSuite.Mua.Reading;

/// <summary>The harmless HTML of messages, made on threads of its own and kept for a while.</summary>
/// <remarks>A thread of its own has a stack that no nesting exhausts, and a message that takes too long holds up no request.</remarks>
internal sealed class HtmlView(InlinePictures pictures, TimeProvider clock) : IDisposable
{
    /// <summary>What every message is shown with unless it says otherwise; mail is made for white paper.</summary>
    private const string BaseStyle =
        "<style>:root{color-scheme:light}body{margin:16px;background:#fff;color:#1a1d21;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:break-word}"
        + "img{max-width:100%;height:auto}blockquote{margin:0 0 0 2px;padding-left:12px;border-left:3px solid #d5d9de;color:#4a525b}pre{white-space:pre-wrap}a{color:#1f5fbf}</style>";

    private readonly SemaphoreSlim _free = new(ReadingLimits.MaxSanitizers);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = ReadingLimits.MaxCachedCharacters });

    /// <summary>A document ready to be sent; <see langword="null"/> when the message has no HTML, or one too large or too tangled to be shown.</summary>
    internal async Task<SanitizedHtml?> RenderAsync(AccountId account, MailboxId mailbox, UidValidity validity, Uid uid, ReadableMessage message, bool allowRemote, CancellationToken cancellationToken)
    {
        var key = (account, mailbox, validity, uid, allowRemote);
        if (_cache.TryGetValue(key, out SanitizedHtml? kept))
            return kept;

        if (message.ReadHtml() is not { } html)
            return null;

        var sources = message.PictureNumbers();
        string? Address(string contentId) => sources.TryGetValue(contentId, out var part) ? pictures.AddressOf(account, mailbox, uid, part) : null;
        var made = await MakeAsync(html, Address, allowRemote, cancellationToken);
        if (made is null)
            return null;

        using var entry = _cache.CreateEntry(key);
        entry.Value = made;
        entry.Size = made.Document.Length;
        entry.AbsoluteExpirationRelativeToNow = ReadingLimits.CacheFor;
        return made;
    }

    public void Dispose() => _cache.Dispose();

    private async Task<SanitizedHtml?> MakeAsync(string html, Func<string, string?> address, bool allowRemote, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        var done = new TaskCompletionSource<SanitizedHtml?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(Make, ReadingLimits.SanitizerStackOctets) { IsBackground = true, Name = "HTML sanitiser" };
        thread.Start();
        try
        {
            return await done.Task.WaitAsync(ReadingLimits.SanitizerTimeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }

        void Make()
        {
            try
            {
                done.SetResult(HtmlShape.IsBounded(html) ? Styled(HtmlPolicy.Sanitize(html, address, allowRemote)) : null);
            }
#pragma warning disable CA1031 // Whatever the parser makes of hostile input belongs to the request, not to a thread without a caller.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
            finally
            {
                _free.Release();
            }
        }
    }

    /// <summary>Our style goes first, so that the message's own wins.</summary>
    private static SanitizedHtml Styled(SanitizedHtml html)
    {
        const string Head = "<head>";
        var at = html.Document.IndexOf(Head, StringComparison.OrdinalIgnoreCase);
        var document = at < 0 ? BaseStyle + html.Document : html.Document.Insert(at + Head.Length, BaseStyle);
        return html with { Document = "<!DOCTYPE html>" + document };
    }
}
