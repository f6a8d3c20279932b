using MailSuite.Mua.Reading;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Web;

/// <summary>What the pages need besides pages: the HTML of a message, its source, its parts, and the buttons.</summary>
internal static class MessageEndpoints
{
    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        var mail = endpoints.MapGroup("/mail").RequireAuthorization();
        mail.MapGet("/{mailbox:long}/{uid:long}/html", GetHtmlAsync);
        mail.MapGet("/{mailbox:long}/{uid:long}/raw", GetRawAsync);
        mail.MapGet("/{mailbox:long}/{uid:long}/parts/{part:int}", GetPartAsync);
        mail.MapPost("/{mailbox:long}/actions", ActAsync);
        endpoints.MapGet("/mail/inline/{token}", GetInlinePictureAsync);
        endpoints.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<IResult> GetHtmlAsync(
        long mailbox, long uid, bool? remote, HttpContext context, IMailboxes mailboxes, HtmlView view, CancellationToken cancellationToken)
    {
        var account = AccountClaims.Read(context.User);
        if (await OpenAsync(mailboxes, account, mailbox, uid, cancellationToken) is not { } stored
            || await mailboxes.FindAsync(account.Id, stored.Summary.Mailbox, cancellationToken) is not { } box)
            return TypedResults.NotFound();

        var allowRemote = remote ?? false;
        using var message = await ReadableMessage.OpenAsync(stored.Content, cancellationToken);
        var html = await view.RenderAsync(account.Id, box.Id, box.UidValidity, stored.Summary.Uid, message, allowRemote, cancellationToken);
        if (html is null)
            return TypedResults.NotFound();

        context.Response.Headers.ContentSecurityPolicy = allowRemote ? SecurityHeaders.MessagePolicyWithRemotePictures : SecurityHeaders.MessagePolicy;
        context.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Text(html.Document, "text/html; charset=utf-8");
    }

    private static async Task<IResult> GetRawAsync(
        long mailbox, long uid, bool? download, HttpContext context, IMailboxes mailboxes, CancellationToken cancellationToken)
    {
        if (await OpenAsync(mailboxes, AccountClaims.Read(context.User), mailbox, uid, cancellationToken) is not { } stored)
            return TypedResults.NotFound();

        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return download ?? false
            ? TypedResults.Stream(stored.Content.OpenRead(), "message/rfc822", (AttachmentName.Clean(stored.Summary.Subject) ?? "message") + ".eml")
            : TypedResults.Stream(stored.Content.OpenRead(), "text/plain; charset=utf-8");
    }

    private static async Task<IResult> GetPartAsync(
        long mailbox, long uid, int part, HttpContext context, IMailboxes mailboxes, CancellationToken cancellationToken) =>
        await OpenAsync(mailboxes, AccountClaims.Read(context.User), mailbox, uid, cancellationToken) is { } stored && await Downloads.PartAsync(stored, part, cancellationToken) is { } download
            ? download
            : TypedResults.NotFound();

    private static async Task<IResult> GetInlinePictureAsync(string token, InlinePictures pictures, IMailboxes mailboxes, CancellationToken cancellationToken) =>
        pictures.TryRead(token, out var account, out var mailbox, out var uid, out var part)
            && await mailboxes.OpenAsync(account, mailbox, uid, cancellationToken) is { } stored && await Downloads.PictureAsync(stored, part, cancellationToken) is { } picture
            ? picture
            : TypedResults.NotFound();

    private static async Task<IResult> ActAsync(
        long mailbox, [FromForm] MessageAction action, [FromForm] uint uid, HttpContext context, MessageActions actions, CancellationToken cancellationToken)
    {
        var gone = await actions.ApplyAsync(AccountClaims.Read(context.User).Id, new MailboxId(mailbox), [new Uid(uid)], action, cancellationToken);
        // Who marks a message unread wants to leave it so, and opening it would mark it read again.
        return Redirect(gone || action == MessageAction.MarkUnread ? $"/mail/{mailbox}" : $"/mail/{mailbox}/{uid}");
    }

    private static async Task<IResult> SignOutAsync([FromForm] string? reason, HttpContext context)
    {
        _ = reason;
        await context.SignOutAsync();
        return Redirect("/sign-in");
    }

    /// <summary>303: the browser goes on with GET (RFC 9110 §15.4.4).</summary>
    private static SeeOther Redirect(string path) => new SeeOther(path);

    private static ValueTask<StoredMessage?> OpenAsync(IMailboxes mailboxes, Account account, long mailbox, long uid, CancellationToken cancellationToken) =>
        uid is > 0 and <= uint.MaxValue ? mailboxes.OpenAsync(account.Id, new MailboxId(mailbox), new Uid((uint)uid), cancellationToken) : ValueTask.FromResult<StoredMessage?>(null);

    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
