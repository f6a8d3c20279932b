using MailSuite.Mda.Accounts;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>Makes mailboxes: policy inside the writer's transaction.</summary>
internal static class MailboxCreation
{
    internal static NamespaceOutcome Create(WriteTurn turn, AccountId who, MailboxPlace place, SpecialUse use, NamespaceLimits limits, List<NamespaceChanged> told)
    {
        if (FindOwner(turn, who, place) is not { } owner)
            return NamespaceOutcome.Refused.NonExistent;
        if (NamespaceReading.FindOwned(turn.Connection, owner, place.Name) is not null)
            return Taken(turn, who, place);
        if (use != SpecialUse.None && JudgeUse(turn, owner, use) is { } refused)
            return refused;
        if (PrepareSuperiors(turn, who, owner, place, limits, told) is { } stopped)
            return stopped;

        var id = Insert(turn, owner, place.Name, use, limits, told);
        return NamespaceReading.Find(turn.Connection, (who, id)) is { } made ? new NamespaceOutcome.Done(made) : NamespaceOutcome.Refused.NonExistent;
    }

    /// <summary>Why a mailbox of the account cannot have this use; <see langword="null"/> when it can.</summary>
    internal static NamespaceOutcome.Refused? JudgeUse(WriteTurn turn, AccountId owner, SpecialUse use)
    {
        if (!SpecialUses.CanBeGiven(use))
            return new(NamespaceRefusal.UseAttribute, $"No mailbox can be made {SpecialUses.Attribute(use)}.");
        return NamespaceChanging.IsUsed(turn.Connection, owner, use)
            ? new(NamespaceRefusal.UseAttribute, $"Another mailbox is {SpecialUses.Attribute(use)} already.")
            : null;
    }

    /// <summary>Whose mailboxes are at the place; <see langword="null"/> when there is nobody.</summary>
    internal static AccountId? FindOwner(WriteTurn turn, AccountId who, MailboxPlace place) =>
        place.OwnerKey is null ? who
        : AccountStatements.Find(turn.Connection, place.OwnerKey) is { } owner && owner.Account.Id != who ? owner.Account.Id
        : null;

    /// <summary>Checks right and room for a mailbox at a place that is free, and makes the ones above it.</summary>
    /// <param name="rooms">Mailboxes that are to be made there.</param>
    /// <returns>What stands against it.</returns>
    internal static NamespaceOutcome.Refused? PrepareSuperiors(WriteTurn turn, AccountId who, AccountId owner, MailboxPlace place, NamespaceLimits limits, List<NamespaceChanged> told, int rooms = 1)
    {
        // RFC 4314 §4: the right is that on the nearest mailbox above; at one's own top level nothing is needed.
        if (place.OwnerKey is not null && JudgeSuperior(turn, who, place) is { } why)
            return NamespaceOutcome.Refused.Of(why);

        var missing = new Stack<MailboxName>();
        for (var name = place.Name.Superior; name is { } superior && NamespaceReading.FindOwned(turn.Connection, owner, superior) is null; name = superior.Superior)
            missing.Push(superior);
        if (NamespaceChanging.Count(turn.Connection, owner) + missing.Count + rooms > limits.MaxMailboxes)
            return new(NamespaceRefusal.Limit, $"An account has at most {limits.MaxMailboxes} mailboxes.");

        foreach (var name in missing)
            Insert(turn, owner, name, SpecialUse.None, limits, told);
        return null;
    }

    internal static MailboxId Insert(WriteTurn turn, AccountId owner, MailboxName name, SpecialUse use, NamespaceLimits limits, List<NamespaceChanged> told)
    {
        var id = NamespaceChanging.Insert(turn, owner, name.Value, use, limits.Now);
        if (name.Superior is { } superior && NamespaceReading.FindOwned(turn.Connection, owner, superior) is { } above)
            NamespaceChanging.Inherit(turn, above.Handle.Id, id);
        told.Add(new NamespaceChanged(NamespaceEvent.Created, owner, id, name.Value));
        return id;
    }

    /// <summary>A name of another's mailbox that the person may not look up is not given away.</summary>
    internal static NamespaceOutcome.Refused Taken(WriteTurn turn, AccountId who, MailboxPlace place) =>
        NamespaceReading.Find(turn.Connection, (who, place))?.Rights.HasFlag(MailboxRights.Lookup) == true
            ? new(NamespaceRefusal.AlreadyExists, "There is such a mailbox already.")
            : NamespaceOutcome.Refused.NonExistent;

    private static NamespaceRefusal? JudgeSuperior(WriteTurn turn, AccountId who, MailboxPlace place)
    {
        for (var name = place.Name.Superior; name is { } superior; name = superior.Superior)
        {
            if (NamespaceReading.Find(turn.Connection, (who, place with { Name = superior })) is { } found)
                return found.Judge(MailboxRights.Create);
        }

        // Whether there is such an account is not told.
        return NamespaceRefusal.NonExistent;
    }
}
