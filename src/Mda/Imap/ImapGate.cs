using System.Net;
using System.Runtime.InteropServices;
using MailSuite.Mda.Accounts;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap;

/// <summary>Counts the sessions that are open, in all, by client and by account, and lets no more in than the options say.</summary>
/// <remarks>An IPv6 client counts by its /64. Of this machine's own addresses only the total counts: the webmail of somebody else may sit there.</remarks>
internal sealed class ImapGate(ImapOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, int> _byClient = [];
    private readonly Dictionary<AccountId, int> _byAccount = [];
    private int _sessions;

    /// <summary>Takes a place for a connection; whoever got one gives it back with <see cref="Leave(IPAddress?)"/>.</summary>
    public bool TryEnter(IPAddress? address)
    {
        lock (_lock)
        {
            if (_sessions >= options.MaxSessions || !TryCount(_byClient, ClientOf(address), options.MaxSessionsPerAddress))
                return false;
            _sessions++;
            return true;
        }
    }

    public void Leave(IPAddress? address)
    {
        lock (_lock)
        {
            _sessions--;
            Forget(_byClient, ClientOf(address));
        }
    }

    /// <summary>Takes a place for an account that signs in.</summary>
    public bool TryEnter(AccountId account)
    {
        lock (_lock)
            return TryCount(_byAccount, account, options.MaxSessionsPerAccount);
    }

    public void Leave(AccountId account)
    {
        lock (_lock)
            Forget(_byAccount, account);
    }

    private static ClientNetwork? ClientOf(IPAddress? address) => address is null || IPAddress.IsLoopback(address) ? null : ClientNetwork.Of(address);

    private static bool TryCount<TKey>(Dictionary<TKey, int> open, TKey? key, int most)
        where TKey : struct
    {
        if (key is not { } counted)
            return true;
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(open, counted, out _);
        if (count >= most)
            return false;
        count++;
        return true;
    }

    private static void Forget<TKey>(Dictionary<TKey, int> open, TKey? key)
        where TKey : struct
    {
        if (key is { } counted && --CollectionsMarshal.GetValueRefOrAddDefault(open, counted, out _) <= 0)
            open.Remove(counted);
    }
}
