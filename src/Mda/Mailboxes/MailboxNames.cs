using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>The names of mailboxes: what a person sees, and how they change it.</summary>
/// <remarks>
/// A change reads, judges and writes in one transaction, so that two sessions never make the same name. It is durable, and told to those who
/// listen, when the task is done.
/// </remarks>
internal sealed class MailboxNames(MailStore store, NamespaceChanges changes, MdaOptions options, TimeProvider clock)
{
    private NamespaceLimits Limits => new(options.MaxMailboxes, clock.GetUtcNow(), FilingContext.Of(store, options, clock));

    /// <summary>The mailbox that a person means by a name, with their rights on it.</summary>
    /// <returns><see langword="null"/> when there is none, and when they have no right on it.</returns>
    internal async ValueTask<MailboxHandle?> ResolveAsync(AccountId who, string name, CancellationToken cancellationToken) =>
        MailboxPlace.TryParse(name, out var place, out _) ? await store.ReadAsync((who, place), NamespaceReading.Find, cancellationToken) : null;

    /// <summary>The same with its counters.</summary>
    internal async ValueTask<ListedMailbox?> ResolveListedAsync(AccountId who, string name, CancellationToken cancellationToken) =>
        MailboxPlace.TryParse(name, out var place, out _) ? await store.ReadAsync((who, place), NamespaceReading.FindListed, cancellationToken) : null;

    /// <summary>The mailbox as the person may use it now, for one that was resolved before: rights change.</summary>
    internal ValueTask<MailboxHandle?> FindAsync(AccountId who, MailboxId mailbox, CancellationToken cancellationToken) =>
        store.ReadAsync((who, mailbox), NamespaceReading.Find, cancellationToken);

    /// <summary>All mailboxes that the person may look up, and their subscriptions.</summary>
    internal ValueTask<MailboxListing> ListAsync(AccountId who, CancellationToken cancellationToken) =>
        store.ReadAsync(who, NamespaceReading.List, cancellationToken);

    /// <summary>Octets of the messages with \Deleted: the one number of STATUS that is counted when it is asked for (RFC 9208 §4.1.4).</summary>
    internal async ValueTask<IReadOnlyDictionary<MailboxId, long>> DeletedOctetsAsync(IReadOnlyList<ListedMailbox> mailboxes, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            mailboxes.Where(mailbox => mailbox.Counters.Deleted > 0).Select(mailbox => mailbox.Handle.Id).ToList(), NamespaceReading.DeletedOctets, cancellationToken);

    /// <summary>Makes a mailbox and those above it that are not there (RFC 9051 §6.3.4).</summary>
    internal Task<NamespaceOutcome> CreateAsync(AccountId who, string name, SpecialUse use, CancellationToken cancellationToken) =>
        ChangeAsync(name, (turn, place, told) => MailboxCreation.Create(turn, who, place, use, Limits, told), takesSpace: true, cancellationToken);

    /// <summary>Moves a mailbox and those below it to another name (RFC 9051 §6.3.6).</summary>
    internal async Task<NamespaceOutcome> RenameAsync(AccountId who, string name, string newName, CancellationToken cancellationToken)
    {
        if (!MailboxPlace.TryParse(newName, out var target, out var reason))
            return new NamespaceOutcome.Refused(NamespaceRefusal.Cannot, reason);
        return await ChangeAsync(name, (turn, place, told) => MailboxRenaming.Rename(turn, who, place, target, Limits, told), takesSpace: true, cancellationToken);
    }

    /// <summary>Removes a mailbox with its messages; those below it stay (RFC 9051 §6.3.5).</summary>
    /// <remarks>The name is free with the first commit. When the task is cancelled after it, the upkeep of the store removes the rest of the messages.</remarks>
    internal async Task<NamespaceOutcome> DeleteAsync(AccountId who, string name, CancellationToken cancellationToken)
    {
        var outcome = await ChangeAsync(name, (turn, place, told) => Delete(turn, who, place, told), takesSpace: false, cancellationToken);
        if (outcome is not NamespaceOutcome.Done done)
            return outcome;

        try
        {
            await MailboxRemoval.FinishAsync(store, done.Mailbox.Id, cancellationToken);
        }
        catch (StoreFault)
        {
            // The mailbox is gone, and so it is told. The upkeep goes on with the messages.
        }

        return outcome;
    }

    /// <summary>Adds a mailbox to the person's list of subscriptions (RFC 9051 §6.3.7).</summary>
    internal Task<NamespaceOutcome> SubscribeAsync(AccountId who, string name, CancellationToken cancellationToken) =>
        ChangeAsync(name, (turn, place, told) => Subscribe(turn, who, place, told), takesSpace: true, cancellationToken);

    /// <summary>Takes a name off the list, whether a mailbox has it or not (RFC 9051 §6.3.8).</summary>
    /// <returns>Whether it was there.</returns>
    internal async Task<bool> UnsubscribeAsync(AccountId who, string name, CancellationToken cancellationToken)
    {
        var kept = MailboxPlace.TryParse(name, out var place, out _) && place.OwnerKey is null ? place.Name.Value : name;
        if (!await store.WriteAsync(turn => NamespaceChanging.Unsubscribe(turn, who, kept), takesSpace: false, cancellationToken))
            return false;
        changes.Publish(new NamespaceChanged(NamespaceEvent.Unsubscribed, who, default, kept));
        return true;
    }

    private async Task<NamespaceOutcome> ChangeAsync(
        string name, Func<WriteTurn, MailboxPlace, List<NamespaceChanged>, NamespaceOutcome> change, bool takesSpace, CancellationToken cancellationToken)
    {
        if (!MailboxPlace.TryParse(name, out var place, out var reason))
            return new NamespaceOutcome.Refused(NamespaceRefusal.Cannot, reason);

        var told = new List<NamespaceChanged>();
        var outcome = await store.WriteAsync(
            turn =>
            {
                // A turn may run twice, when another of its group failed.
                told.Clear();
                return change(turn, place, told);
            },
            takesSpace,
            cancellationToken);
        told.ForEach(changes.Publish);
        return outcome;
    }

    private NamespaceOutcome Delete(WriteTurn turn, AccountId who, MailboxPlace place, List<NamespaceChanged> told)
    {
        if (NamespaceReading.Find(turn.Connection, (who, place)) is not { } mailbox)
        {
            return place.OwnerKey is null && NamespaceReading.HasInferior(turn.Connection, who, place.Name)
                ? new NamespaceOutcome.Refused(NamespaceRefusal.HasChildren, "This is no mailbox, only a level above others.")
                : NamespaceOutcome.Refused.NonExistent;
        }

        if (mailbox.Judge(MailboxRights.DeleteMailbox) is { } why)
            return NamespaceOutcome.Refused.Of(why);
        if (mailbox.Use == SpecialUse.Inbox)
            return new NamespaceOutcome.Refused(NamespaceRefusal.Cannot, "INBOX cannot be deleted.");

        NamespaceChanging.Remove(turn, mailbox, clock.GetUtcNow());
        told.Add(new NamespaceChanged(NamespaceEvent.Deleted, mailbox.Owner, mailbox.Id, place.Name.Value));
        return new NamespaceOutcome.Done(mailbox);
    }

    private NamespaceOutcome Subscribe(WriteTurn turn, AccountId who, MailboxPlace place, List<NamespaceChanged> told)
    {
        if (NamespaceReading.Find(turn.Connection, (who, place)) is not { } mailbox || !mailbox.Rights.HasFlag(MailboxRights.Lookup))
            return NamespaceOutcome.Refused.NonExistent;
        // Names of mailboxes that are gone stay on the list (RFC 9051 §6.3.7), so it needs a bound of its own.
        if (NamespaceChanging.Subscriptions(turn.Connection, who) >= 2L * options.MaxMailboxes)
            return new NamespaceOutcome.Refused(NamespaceRefusal.Limit, "There are too many subscriptions.");

        NamespaceChanging.Subscribe(turn, who, mailbox.Name);
        told.Add(new NamespaceChanged(NamespaceEvent.Subscribed, who, mailbox.Id, mailbox.Name));
        return new NamespaceOutcome.Done(mailbox);
    }
}

/// <param name="MaxMailboxes">Mailboxes of one account.</param>
/// <param name="Filing">For messages that a renaming moves.</param>
internal readonly record struct NamespaceLimits(int MaxMailboxes, DateTimeOffset Now, FilingContext Filing);
