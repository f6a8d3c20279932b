using System.Text;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>An annotation of a mailbox, or of the server where the mailbox is 0.</summary>
internal sealed record Annotation(MailboxId Mailbox, string Entry, byte[] Value);

/// <param name="Value"><see langword="null"/> removes it.</param>
internal sealed record AnnotationChange(MetadataEntry Entry, byte[]? Value);

/// <summary>Annotations of mailboxes and of the server (RFC 5464).</summary>
internal sealed class Annotations(MailStore store, NamespaceChanges changes)
{
    /// <summary>Octets of one value.</summary>
    internal const int MaxValueOctets = 64 * 1024;

    /// <summary>Values that one account may keep: private ones, and as many shared ones on its mailboxes.</summary>
    internal const int MaxEntries = 1_000;

    /// <summary>Values that one SETMETADATA may change.</summary>
    internal const int MaxChanges = 100;

    /// <summary>RFC 6154 §4: the special use as an annotation, which changes it.</summary>
    internal const string SpecialUseEntry = "/private/specialuse";

    /// <summary>The annotations that a person sees of one mailbox, by entry.</summary>
    /// <param name="mailbox"><see langword="null"/> for the server.</param>
    internal async ValueTask<IReadOnlyList<Annotation>> ListAsync(AccountId who, MailboxHandle? mailbox, CancellationToken cancellationToken)
    {
        var kept = await store.ReadAsync((mailbox?.Id ?? default, who), MetadataStatements.List, cancellationToken);
        return mailbox is not null && OfUse(who, mailbox) is { } use ? [.. kept, use] : kept;
    }

    /// <summary>Those of all mailboxes in one query.</summary>
    internal async ValueTask<ILookup<MailboxId, Annotation>> ListAllAsync(AccountId who, MailboxListing listing, CancellationToken cancellationToken)
    {
        var kept = await store.ReadAsync(who, MetadataStatements.ListAll, cancellationToken);
        return kept.Concat(listing.Mailboxes.Select(mailbox => OfUse(who, mailbox.Handle)).OfType<Annotation>()).ToLookup(annotation => annotation.Mailbox);
    }

    /// <summary>Changes all of them or none; durable when the task is done.</summary>
    /// <param name="mailbox">Resolved for this person; <see langword="null"/> for the server.</param>
    internal async Task<AnnotationOutcome> SetAsync(AccountId who, MailboxHandle? mailbox, IReadOnlyList<AnnotationChange> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Any(change => change.Value is { Length: > MaxValueOctets }))
            return AnnotationOutcome.TooLarge;

        var outcome = await store.WriteAsync(turn => Set(turn, who, mailbox, wanted), takesSpace: true, cancellationToken);
        if (outcome == AnnotationOutcome.Done)
        {
            foreach (var change in wanted)
            {
                // A private one is there for nobody else, not even for the owner of the mailbox (RFC 5464 §3).
                var account = change.Entry.IsPrivate ? who : mailbox?.Owner ?? who;
                changes.Publish(new NamespaceChanged(NamespaceEvent.MetadataChanged, account, mailbox?.Id ?? default, mailbox?.Name ?? string.Empty, change.Entry.Name));
            }
        }

        return outcome;
    }

    private static Annotation? OfUse(AccountId who, MailboxHandle mailbox) =>
        mailbox.Owner == who && SpecialUses.Attribute(mailbox.Use) is { } use ? new Annotation(mailbox.Id, SpecialUseEntry, Encoding.ASCII.GetBytes(use)) : null;

    private static AnnotationOutcome Set(WriteTurn turn, AccountId account, MailboxHandle? resolved, IReadOnlyList<AnnotationChange> wanted)
    {
        if (AccountStatements.Find(turn.Connection, account) is not { Account: var who })
            return AnnotationOutcome.NoPermission;
        var mailbox = resolved is null ? null : NamespaceReading.Find(turn.Connection, (who.Id, resolved.Id));
        if (resolved is not null && mailbox is null)
            return AnnotationOutcome.NonExistent;
        if (wanted.Any(change => !MayChange(who, mailbox, change.Entry)))
            return AnnotationOutcome.NoPermission;

        if (JudgeUse(turn, mailbox, wanted) is { } refused)
            return refused;
        if (IsTooMany(turn, who, mailbox, wanted))
            return AnnotationOutcome.TooMany;

        foreach (var change in wanted)
        {
            if (mailbox is not null && change.Entry.Name == SpecialUseEntry)
                NamespaceChanging.SetUse(turn, mailbox, UseOf(change.Value) ?? SpecialUse.None);
            else
                MetadataStatements.Set(turn, mailbox?.Id ?? default, change.Entry.IsPrivate ? who.Id : default, change.Entry, change.Value);
        }

        return AnnotationOutcome.Done;
    }

    private static AnnotationOutcome? JudgeUse(WriteTurn turn, MailboxHandle? mailbox, IReadOnlyList<AnnotationChange> wanted)
    {
        if (mailbox is null || wanted.LastOrDefault(change => change.Entry.Name == SpecialUseEntry) is not { Value: var value })
            return null;
        if (mailbox.Use == SpecialUse.Inbox)
            return AnnotationOutcome.UseRefused;
        if (value is null)
            return null;
        return UseOf(value) is { } use && (use == mailbox.Use || MailboxCreation.JudgeUse(turn, mailbox.Owner, use) is null) ? null : AnnotationOutcome.UseRefused;
    }

    private static SpecialUse? UseOf(byte[]? value) => value is null ? null : SpecialUses.Find(Encoding.ASCII.GetString(value));

    private static bool IsTooMany(WriteTurn turn, Account who, MailboxHandle? mailbox, IReadOnlyList<AnnotationChange> wanted)
    {
        var present = MetadataStatements.List(turn.Connection, (mailbox?.Id ?? default, who.Id)).Select(annotation => annotation.Entry).ToHashSet(StringComparer.Ordinal);
        return Exceeds(isPrivate: true, MetadataStatements.PrivateOf(turn.Connection, who.Id))
            || Exceeds(isPrivate: false, mailbox is null ? MetadataStatements.OfServer(turn.Connection) : MetadataStatements.SharedOf(turn.Connection, mailbox.Owner));

        bool Exceeds(bool isPrivate, long count)
        {
            var more = wanted.Count(change => change.Entry.IsPrivate == isPrivate && change.Value is not null && !present.Contains(change.Entry.Name));
            return more > 0 && count + more > MaxEntries;
        }
    }

    /// <summary>RFC 5464 §3.3: private values need r, shared ones w; those of the server only administrators change.</summary>
    private static bool MayChange(Account who, MailboxHandle? mailbox, MetadataEntry entry) =>
        mailbox is null ? entry.IsPrivate || who.IsAdministrator
        : entry.Name == SpecialUseEntry ? mailbox.Owner == who.Id
        : mailbox.Rights.HasFlag(entry.IsPrivate ? MailboxRights.Read : MailboxRights.Write);
}

internal enum AnnotationOutcome
{
    Done,
    NonExistent,
    NoPermission,

    /// <summary>A value has more octets than are kept.</summary>
    TooLarge,

    /// <summary>There is no room for another value.</summary>
    TooMany,

    /// <summary>The mailbox cannot have that special use.</summary>
    UseRefused,
}
