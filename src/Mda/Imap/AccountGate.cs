using System.Runtime.InteropServices;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap;

/// <summary>Counts the sessions of each account.</summary>
internal sealed class AccountGate(int maxSessionsPerAccount)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountId, int> _open = [];

    /// <summary>Takes a place; whoever got one gives it back with <see cref="Leave"/>.</summary>
    public bool TryEnter(AccountId account)
    {
        lock (_lock)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, account, out _);
            if (count >= maxSessionsPerAccount)
                return false;
            count++;
            return true;
        }
    }

    public void Leave(AccountId account)
    {
        lock (_lock)
        {
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_open, account, out _) <= 0)
                _open.Remove(account);
        }
    }
}
