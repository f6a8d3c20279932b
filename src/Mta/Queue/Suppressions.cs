using System.Globalization;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Queue;

/// <summary>The addresses of other hosts to which nothing is sent any more.</summary>
internal sealed class Suppressions(RelayOptions options, SpoolStore spool, TimeProvider clock) : ISuppressions
{
    private const int MaxReason = 200;

    /// <summary>Whether what a host has said about a recipient means that it does not exist, now and later.</summary>
    /// <remarks>
    /// By RFC 3463 §3.2 and §3.3, and the registry of RFC 5248: no such mailbox (5.1.1), no such system (5.1.2), no mailbox by its syntax (5.1.3), moved without
    /// a new address (5.1.6), a domain without mail (5.1.10), a mailbox that is closed (5.2.1). Not a full mailbox, what a policy or the content was
    /// refused for, nor a reply without a code, which may be any of these; nor such a code in a greeting or in answer to MAIL, DATA or the dot, which
    /// speaks of us, of the sender or of the message. Nothing that a report of ours has met: its address may be invented.
    /// </remarks>
    public static bool IsCausedBy(RecipientOutcome outcome, ReversePath reversePath) =>
        outcome is { Kind: OutcomeKind.Failed, IsOfRecipient: true, RemoteReply: ['5', ..], Status: { Class: 5, Subject: 1, Detail: 1 or 2 or 3 or 6 or 10 } or { Class: 5, Subject: 2, Detail: 1 } } && !reversePath.IsNull;

    /// <summary>Whether something is to be sent to an address.</summary>
    /// <returns>The failure instead; <see langword="null"/> when it is.</returns>
    public RecipientFailure? Find(EnvelopeAddress address)
    {
        if (!options.Suppression || spool.FindSuppression(address.ToString) is not { } entry || IsOver(entry))
            return null;
        var why = entry.IsManual
            ? "The administrator of this host lets nothing be sent to this address."
            : $"Nothing is sent to this address: on {entry.Since.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)} its host said that there is no such mailbox.";
        return EnhancedStatusCode.TryReadPrefix(entry.Status, out var status) ? new RecipientFailure(status, why) : new RecipientFailure(StatusCodes.NotAuthorized, why);
    }

    public ValueTask<IReadOnlyList<Suppression>> ListAsync(string? text, string? after, int limit, CancellationToken cancellationToken) =>
        new([.. spool.Suppressions.List(text, after, clock.GetUtcNow() - options.KeepSuppressions, limit).Select(ShownOf)]);

    public async ValueTask AddAsync(EnvelopeAddress address, string reason, CancellationToken cancellationToken) =>
        await spool.SuppressAsync(
            new SuppressionEntry(address.ToString(), clock.GetUtcNow(), null, reason.Length > MaxReason ? reason[..MaxReason] : reason, null, null, null, null, IsManual: true), cancellationToken);

    public async ValueTask<bool> RemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken) => await spool.UnsuppressAsync(address.ToString(), cancellationToken);

    public async ValueTask<long> ClearAsync(CancellationToken cancellationToken) => await spool.ClearSuppressionsAsync(cancellationToken);

    private bool IsOver(SuppressionEntry entry) => !entry.IsManual && clock.GetUtcNow() - entry.Since >= options.KeepSuppressions;

    private Suppression ShownOf(SuppressionEntry entry) => new(
        entry.Address, entry.Since, entry.IsManual ? null : entry.Since + options.KeepSuppressions, entry.Status, entry.Reason, entry.RemoteHost, entry.RemoteReply,
        entry.QueueId?.Value, entry.Journey?.ToString(), entry.IsManual);
}
