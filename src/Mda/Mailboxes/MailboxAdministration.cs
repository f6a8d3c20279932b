using System.Text;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>What the operator does: the same changes as the owner of the mailboxes would make.</summary>
internal sealed class MailboxAdministration(MailStore store, MailboxNames names, MailboxAccess access, Quotas quotas) : IMailboxAdministration
{
    public async ValueTask<IReadOnlyList<AdministeredMailbox>> ListAsync(AccountId account, CancellationToken cancellationToken)
    {
        var listing = await names.ListAsync(account, cancellationToken);
        var entries = (await store.ReadAsync(account, NamespaceReading.EntriesOfAll, cancellationToken)).ToLookup(entry => entry.Mailbox, entry => entry.Entry);
        return
        [
            .. listing.Mailboxes.Where(mailbox => mailbox.Handle.Owner == account).Select(mailbox => new AdministeredMailbox(
                mailbox.Handle.Name, mailbox.Handle.Use, mailbox.Counters.Messages, mailbox.Counters.Unseen, mailbox.Counters.Octets, listing.Subscribed.Contains(mailbox.Handle.Name),
                [.. entries[mailbox.Handle.Id].Select(entry => new MailboxShare(entry.Identifier, RightsLetters.Format(entry.Rights)))])),
        ];
    }

    public ValueTask<MailboxChange> CreateAsync(AccountId account, string name, CancellationToken cancellationToken) => OrRefusedAsync(async () =>
    {
        var made = await names.CreateAsync(account, name, SpecialUse.None, cancellationToken);
        return made is NamespaceOutcome.Done ? await names.SubscribeAsync(account, name, cancellationToken) : made;
    });

    public ValueTask<MailboxChange> DeleteAsync(AccountId account, string name, CancellationToken cancellationToken) =>
        OrRefusedAsync(() => names.DeleteAsync(account, name, cancellationToken));

    public ValueTask<MailboxChange> RenameAsync(AccountId account, string name, string newName, CancellationToken cancellationToken) =>
        OrRefusedAsync(() => names.RenameAsync(account, name, newName, cancellationToken));

    public async ValueTask<MailboxChange> ShareAsync(AccountId account, string name, string with, string rights, CancellationToken cancellationToken)
    {
        if (!Ascii.IsValid(rights) || RightsLetters.Parse(Encoding.ASCII.GetBytes(rights)) is not { } parsed)
            return new MailboxChange.Refused($"'{rights}' has a letter that is no right (RFC 4314).");
        return await OrRefusedAsync(() => access.SetAsync(account, name, with, RightsChange.Replace, parsed, cancellationToken));
    }

    public ValueTask<AccountUsage?> FindUsageAsync(AccountId account, CancellationToken cancellationToken) => quotas.FindUsageAsync(account, cancellationToken);

    public async ValueTask<bool> SetQuotaAsync(AccountId account, long? octets, long? messages, CancellationToken cancellationToken) =>
        await store.WriteAsync(turn => AccountQuotaStatements.Set(turn, account, octets, messages), takesSpace: false, cancellationToken);

    private static async ValueTask<MailboxChange> OrRefusedAsync(Func<Task<NamespaceOutcome>> change)
    {
        try
        {
            return await change() switch
            {
                NamespaceOutcome.Done done => new MailboxChange.Done(done.Mailbox.Name),
                NamespaceOutcome.Refused refused => new MailboxChange.Refused(refused.Reason),
                var other => throw new InvalidOperationException($"{other} is no outcome."),
            };
        }
        catch (StoreFault fault)
        {
            return new MailboxChange.Refused($"{fault.Reason} Try again. ({fault.Message})");
        }
    }
}
