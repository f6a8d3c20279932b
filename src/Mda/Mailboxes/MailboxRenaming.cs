using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>Moves mailboxes to other names: policy inside the writer's transaction.</summary>
internal static class MailboxRenaming
{
    internal static NamespaceOutcome Rename(
        WriteTurn turn, AccountId who, MailboxPlace from, MailboxPlace to, NamespaceLimits limits, List<NamespaceChanged> told)
    {
        if (from.OwnerKey != to.OwnerKey)
            return Cannot("A mailbox cannot be moved from one account to another.");
        if (MailboxCreation.FindOwner(turn, who, from) is not { } owner)
            return NamespaceOutcome.Refused.NonExistent;

        var source = NamespaceReading.Find(turn.Connection, (who, from));
        if (source is null && (from.OwnerKey is not null || !NamespaceReading.HasInferior(turn.Connection, owner, from.Name)))
            return NamespaceOutcome.Refused.NonExistent;
        if (source?.Judge(MailboxRights.DeleteMailbox) is { } why)
            return NamespaceOutcome.Refused.Of(why);
        if (from.Name == to.Name || NamespaceReading.FindOwned(turn.Connection, owner, to.Name) is not null)
            return MailboxCreation.Taken(turn, who, to);

        return from.Name.IsInbox
            ? EmptyInbox(turn, who, owner, source!, to, limits, told)
            : RenameTree(turn, who, owner, from, to, limits, told);
    }

    /// <summary>RFC 9051 §6.3.6: the messages go to a new mailbox, INBOX stays with what lies below it.</summary>
    private static NamespaceOutcome EmptyInbox(
        WriteTurn turn, AccountId who, AccountId owner, MailboxHandle inbox, MailboxPlace to, NamespaceLimits limits, List<NamespaceChanged> told)
    {
        if (MailboxCreation.PrepareSuperiors(turn, who, owner, to, limits, told) is { } refused)
            return refused;

        var target = MailboxCreation.Insert(turn, owner, to.Name, SpecialUse.None, limits, told);
        TransferStatements.Move(turn, new TransferRequest(inbox.Id, target, owner, limits.Filing), NamespaceReading.Uids(turn.Connection, inbox.Id));
        return Done(turn, who, target);
    }

    private static NamespaceOutcome RenameTree(
        WriteTurn turn, AccountId who, AccountId owner, MailboxPlace from, MailboxPlace to, NamespaceLimits limits, List<NamespaceChanged> told)
    {
        if (MailboxName.IsInferior(to.Name.Value, from.Name.Value))
            return Cannot("A mailbox cannot be moved below itself.");

        var tree = NamespaceReading.Tree(turn.Connection, owner, from.Name);
        var moving = tree.Select(moved => moved.Name).ToHashSet(StringComparer.Ordinal);
        var renamed = new List<(MailboxId Id, string Old, MailboxName New)>(tree.Count);
        foreach (var (id, old) in tree)
        {
            if (!MailboxName.TryParse(to.Name.Value + old[from.Name.Value.Length..], out var name, out var reason))
                return Cannot(reason);
            if (!moving.Contains(name.Value) && NamespaceReading.FindOwned(turn.Connection, owner, name) is not null)
                return new NamespaceOutcome.Refused(NamespaceRefusal.AlreadyExists, $"There is a mailbox {name} already.");
            renamed.Add((id, old, name));
        }

        if (MailboxCreation.PrepareSuperiors(turn, who, owner, to, limits, told, rooms: 0) is { } refused)
            return refused;

        // A tree that moves up may meet names that it has itself, so all of it lets go first.
        foreach (var (id, _, _) in renamed)
            NamespaceChanging.SetName(turn, id, $"\u0001{id}");
        foreach (var (id, old, name) in renamed)
        {
            NamespaceChanging.SetName(turn, id, name.Value);
            told.Add(new NamespaceChanged(NamespaceEvent.Renamed, owner, id, name.Value, old));
        }

        // To a person it is the same mailbox, so it stays on the list of its owner.
        foreach (var (_, old, name) in renamed.Where(moved => NamespaceChanging.Unsubscribe(turn, owner, moved.Old)).ToList())
            NamespaceChanging.Subscribe(turn, owner, name.Value);
        return Done(turn, who, renamed[0].Id);
    }

    private static NamespaceOutcome Done(WriteTurn turn, AccountId who, MailboxId mailbox) =>
        NamespaceReading.Find(turn.Connection, (who, mailbox)) is { } handle ? new NamespaceOutcome.Done(handle) : NamespaceOutcome.Refused.NonExistent;

    private static NamespaceOutcome.Refused Cannot(string reason) => new(NamespaceRefusal.Cannot, reason);
}
