using MailSuite.Mda.Accounts;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>Who has which rights on a mailbox (RFC 4314).</summary>
internal sealed class MailboxAccess(MailStore store, NamespaceChanges changes)
{
    /// <summary>The access list with its owner in front, for those who may administer it; otherwise why not.</summary>
    internal async ValueTask<AccessAnswer> ListAsync(AccountId who, string name, CancellationToken cancellationToken) =>
        MailboxPlace.TryParse(name, out var place, out _)
            ? await store.ReadAsync((who, place), List, cancellationToken)
            : new AccessAnswer(NamespaceOutcome.Refused.NonExistent, null, []);

    /// <summary>Changes what an identifier has; durable when the task is done.</summary>
    /// <param name="identifier">An address of an account here or <c>anyone</c>; with <c>-</c> in front the rights are taken away.</param>
    internal async Task<NamespaceOutcome> SetAsync(AccountId who, string name, string identifier, RightsChange how, MailboxRights rights, CancellationToken cancellationToken)
    {
        if (!MailboxPlace.TryParse(name, out var place, out _))
            return NamespaceOutcome.Refused.NonExistent;

        var outcome = await store.WriteAsync(turn => Set(turn, who, place, identifier, how, rights), takesSpace: how != RightsChange.Remove && rights != MailboxRights.None, cancellationToken);
        if (outcome is NamespaceOutcome.Done done)
            changes.Publish(new NamespaceChanged(NamespaceEvent.RightsChanged, done.Mailbox.Owner, done.Mailbox.Id, place.Name.Value, identifier));
        return outcome;
    }

    /// <summary>An identifier in the form that is kept.</summary>
    /// <returns><see langword="null"/> when it names nobody that could be.</returns>
    internal static string? Fold(string identifier)
    {
        var negative = identifier is [AccessList.Negative, ..];
        var name = negative ? identifier[1..] : identifier;
        var folded = name.Equals(AccessList.Anyone, StringComparison.OrdinalIgnoreCase) ? AccessList.Anyone
            : EnvelopeAddress.TryParse(name, out var address) ? AddressKey.Of(address)
            : null;
        return folded is null ? null : negative ? AccessList.Negative + folded : folded;
    }

    private static AccessAnswer List(StoreConnection connection, (AccountId Who, MailboxPlace Place) asked)
    {
        if (NamespaceReading.Find(connection, asked) is not { } mailbox)
            return new AccessAnswer(NamespaceOutcome.Refused.NonExistent, null, []);
        if (mailbox.Judge(MailboxRights.Administer) is { } why)
            return new AccessAnswer(NamespaceOutcome.Refused.Of(why), null, []);

        var owner = AccountStatements.Find(connection, mailbox.Owner)!.Account;
        return new AccessAnswer(null, AddressKey.Of(owner.Address), NamespaceReading.Entries(connection, mailbox.Id));
    }

    private static NamespaceOutcome Set(WriteTurn turn, AccountId who, MailboxPlace place, string identifier, RightsChange how, MailboxRights rights)
    {
        if (NamespaceReading.Find(turn.Connection, (who, place)) is not { } mailbox)
            return NamespaceOutcome.Refused.NonExistent;
        if (mailbox.Judge(MailboxRights.Administer) is { } why)
            return NamespaceOutcome.Refused.Of(why);

        var folded = Fold(identifier);
        var name = folded?.TrimStart(AccessList.Negative);
        if (folded is null || (name != AccessList.Anyone && AccountStatements.Find(turn.Connection, name!) is null))
            return Refused($"There is no account {identifier.TrimStart(AccessList.Negative)} here.");
        if (name != AccessList.Anyone && AccountStatements.Find(turn.Connection, name!)!.Account.Id == mailbox.Owner)
            return Refused("The owner has all rights, always.");

        var entries = NamespaceReading.Entries(turn.Connection, mailbox.Id);
        var present = entries.FirstOrDefault(entry => entry.Identifier == folded);
        if (present.Identifier is null && entries.Count >= AccessList.MaxEntries)
            return new NamespaceOutcome.Refused(NamespaceRefusal.Limit, $"An access list has at most {AccessList.MaxEntries} entries.");

        AccessStatements.Set(turn, mailbox.Id, new AccessEntry(folded, AccessList.Change(present.Rights, how, rights)));
        return new NamespaceOutcome.Done(mailbox);
    }

    private static NamespaceOutcome.Refused Refused(string reason) => new(NamespaceRefusal.Cannot, reason);
}

/// <param name="Refused">Why nothing is told; <see langword="null"/> when it is.</param>
/// <param name="Owner">The owner's identifier, who has all rights.</param>
internal sealed record AccessAnswer(NamespaceOutcome.Refused? Refused, string? Owner, IReadOnlyList<AccessEntry> Entries);
