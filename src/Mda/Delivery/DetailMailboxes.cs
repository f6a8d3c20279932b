using MailSuite.Mda.Accounts;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Delivery;

/// <summary>Finds the mailbox that the detail of an address names (RFC 5233), where the options want that. It is always one of the account's own.</summary>
internal sealed class DetailMailboxes(MailStore store, MailboxNames names, MdaOptions options)
{
    /// <summary>The account with the mailbox that its detail names; with INBOX when there is no detail, no such mailbox, and none can be made.</summary>
    /// <exception cref="StoreFault">It cannot be found out now.</exception>
    internal async ValueTask<AccountEntry> ApplyAsync(AccountEntry account, DeliveryId id, CancellationToken cancellationToken)
    {
        if (options.DetailMailbox == DetailMailbox.Never || string.IsNullOrEmpty(account.Detail) || !TryName(account.Detail, out var name))
            return account;

        var named = await store.ReadAsync((account, name, id), Find, cancellationToken);
        if (named is { IsSettled: false, Mailbox: null } && options.DetailMailbox == DetailMailbox.Create)
            named = named with { Mailbox = await MakeAsync(account, name, cancellationToken) };
        return account with { Named = named.Mailbox };
    }

    /// <summary>Whether the detail can be a name: nothing that means other people's mailboxes is one.</summary>
    private static bool TryName(string detail, out MailboxName name)
    {
        name = default;
        return !MailboxPlace.IsBelowOtherUsers(detail) && MailboxName.TryParse(detail, out name);
    }

    private static Named Find(StoreConnection connection, (AccountEntry Account, MailboxName Name, DeliveryId Id) asked)
    {
        // A repeated call goes where the first one went: somebody may have made the mailbox since.
        if (FilingStatements.IsFiled(connection, asked.Id, asked.Account.Inbox))
            return new Named(null, IsSettled: true);

        Mailbox? found = null;
        foreach (var mailbox in MailboxStatements.List(connection, asked.Account.Account.Id))
        {
            // An address has no case (RFC 5321 §2.4 leaves that to us), a mailbox has: the same letters win.
            if (mailbox.Name == asked.Name.Value || (found is null && string.Equals(mailbox.Name, asked.Name.Value, StringComparison.OrdinalIgnoreCase)))
                found = mailbox;
        }

        return found switch
        {
            null => new Named(null, IsSettled: false),
            { Use: SpecialUse.None or SpecialUse.Archive or SpecialUse.Junk } => new Named((found.Id, found.Name), IsSettled: true),
            // What strangers send is no draft, was not sent from here, and is not thrown away unseen.
            _ => new Named(null, IsSettled: true),
        };
    }

    private async ValueTask<(MailboxId, string)?> MakeAsync(AccountEntry account, MailboxName name, CancellationToken cancellationToken)
    {
        if (await names.CreateAsync(account.Account.Id, name.Value, SpecialUse.None, cancellationToken) is not NamespaceOutcome.Done done)
            return null;
        await names.SubscribeAsync(account.Account.Id, name.Value, cancellationToken);
        return (done.Mailbox.Id, done.Mailbox.Name);
    }

    /// <param name="IsSettled">Whether no mailbox is to be made.</param>
    private sealed record Named((MailboxId Id, string Name)? Mailbox, bool IsSettled);
}
