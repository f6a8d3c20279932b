using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>Deletes the mail of an account whose removal has begun, in short transactions that let deliveries pass between them.</summary>
internal static class AccountRemoval
{
    private const int MaxStep = 500;

    internal static async Task FinishAsync(MailStore store, AccountId account, CancellationToken cancellationToken)
    {
        while (!await store.WriteAsync(turn => UpkeepStatements.RemoveStep(turn, account, MaxStep), takesSpace: false, cancellationToken))
        {
        }
    }
}
