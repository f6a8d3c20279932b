using MailSuite.Mua.Reading;
using MailSuite.Mua.Web;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Api;

/// <summary>Mailboxes and messages of an account. Reading here changes nothing: a program that looks is no person who has read.</summary>
internal static class MailboxEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/accounts/{address}/mailboxes", ListMailboxesAsync);
        api.MapGet("/accounts/{address}/messages", ListMessagesAsync);
        api.MapGet("/accounts/{address}/mailboxes/{mailboxId:long}/messages/{uid:long}", GetMessageAsync);
        api.MapGet("/accounts/{address}/mailboxes/{mailboxId:long}/messages/{uid:long}/raw", GetRawAsync);
        api.MapGet("/accounts/{address}/mailboxes/{mailboxId:long}/messages/{uid:long}/parts/{part:int}", GetPartAsync);
    }

    private static async Task<IResult> ListMailboxesAsync(string address, ApiAccounts accounts, IMailboxes mailboxes, CancellationToken cancellationToken)
    {
        var (account, refusal) = await accounts.FindAsync(address, cancellationToken);
        return account is null ? refusal! : ApiJson.Ok((await mailboxes.ListAsync(account.Id, cancellationToken)).Select(Views.Of).ToList());
    }

    private static async Task<IResult> ListMessagesAsync(
        string address, string? mailbox, uint? before, int? skip, int? limit, string? text, string? subject, string? from,
        ApiAccounts accounts, IMailboxes mailboxes, CancellationToken cancellationToken)
    {
        var (account, refusal) = await accounts.FindAsync(address, cancellationToken);
        if (account is null)
            return refusal!;
        if (limit is < 1 or > MaxLimit)
            return Problems.Unprocessable($"limit is from 1 to {MaxLimit}.");
        if (skip < 0)
            return Problems.Unprocessable("skip is 0 or more.");

        var all = await mailboxes.ListAsync(account.Id, cancellationToken);
        var names = all.ToDictionary(m => m.Id, m => m.Name);
        var isSearch = !string.IsNullOrWhiteSpace(text) || !string.IsNullOrWhiteSpace(subject) || !string.IsNullOrWhiteSpace(from);
        var named = Find(all, mailbox ?? (isSearch ? null : "INBOX"));
        if (named is null && (mailbox is not null || !isSearch))
            return Problems.NotFound($"There is no mailbox {mailbox ?? "INBOX"}; there are {string.Join(", ", all.Select(m => m.Name))}.");

        if (isSearch)
        {
            var found = await mailboxes.SearchAsync(account.Id, new MessageSearch(text, subject, from, named?.Id), limit ?? DefaultLimit, cancellationToken);
            return ApiJson.Ok(new MessageListView(found.Count, [.. found.Select(m => Views.Of(m, names.GetValueOrDefault(m.Mailbox, "")))]));
        }

        var request = new MessagePageRequest(before is { } uid ? new Uid(uid) : null, skip ?? 0, limit ?? DefaultLimit);
        var page = await mailboxes.PageAsync(account.Id, named!.Id, request, cancellationToken);
        return ApiJson.Ok(new MessageListView(page.Total, [.. page.Messages.Select(m => Views.Of(m, named.Name))]));
    }

    private static async Task<IResult> GetMessageAsync(
        string address, long mailboxId, long uid, ApiAccounts accounts, IMailboxes mailboxes, CancellationToken cancellationToken)
    {
        var (account, stored, refusal) = await OpenAsync(address, mailboxId, uid, accounts, mailboxes, cancellationToken);
        if (stored is null)
            return refusal!;

        var mailbox = await mailboxes.FindAsync(account!.Id, stored.Summary.Mailbox, cancellationToken);
        using var message = await ReadableMessage.OpenAsync(stored.Content, cancellationToken);
        return ApiJson.Ok(Views.Of(stored, mailbox?.Name ?? "", message));
    }

    private static async Task<IResult> GetRawAsync(
        string address, long mailboxId, long uid, ApiAccounts accounts, IMailboxes mailboxes, CancellationToken cancellationToken)
    {
        var (_, stored, refusal) = await OpenAsync(address, mailboxId, uid, accounts, mailboxes, cancellationToken);
        return stored is null ? refusal! : TypedResults.Stream(stored.Content.OpenRead(), "message/rfc822");
    }

    private static async Task<IResult> GetPartAsync(
        string address, long mailboxId, long uid, int part, ApiAccounts accounts, IMailboxes mailboxes, CancellationToken cancellationToken)
    {
        var (_, stored, refusal) = await OpenAsync(address, mailboxId, uid, accounts, mailboxes, cancellationToken);
        return stored is null ? refusal! : await Downloads.PartAsync(stored, part, cancellationToken) ?? Problems.NotFound($"The message has no part {part}.");
    }

    private static async ValueTask<(Account? Account, StoredMessage? Stored, IResult? Refusal)> OpenAsync(
        string address, long mailboxId, long uid, ApiAccounts accounts, IMailboxes mailboxes, CancellationToken cancellationToken)
    {
        var (account, refusal) = await accounts.FindAsync(address, cancellationToken);
        if (account is null)
            return (null, null, refusal);

        var stored = uid is > 0 and <= uint.MaxValue ? await mailboxes.OpenAsync(account.Id, new MailboxId(mailboxId), new Uid((uint)uid), cancellationToken) : null;
        return stored is null ? (account, null, Problems.NotFound("There is no such message.")) : (account, stored, null);
    }

    /// <summary>By name, or by what the mailbox is for; INBOX without regard to case (RFC 9051 §5.1).</summary>
    private static Mailbox? Find(IReadOnlyList<Mailbox> all, string? name) => name is null
        ? null
        : all.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal))
            ?? all.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(m.Use.ToString(), name, StringComparison.OrdinalIgnoreCase));
}
