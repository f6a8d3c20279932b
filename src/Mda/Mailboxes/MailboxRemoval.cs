using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>Deletes the messages of a mailbox whose removal has begun, in short transactions that let deliveries pass between them.</summary>
internal static class MailboxRemoval
{
    private const int MaxStep = 500;

    internal static async Task FinishAsync(MailStore store, MailboxId mailbox, CancellationToken cancellationToken)
    {
        while (!await store.WriteAsync(turn => RemovalStatements.RemoveStep(turn, mailbox, MaxStep), takesSpace: false, cancellationToken))
        {
        }
    }
}
