using System.Net;
using System.Runtime.InteropServices;
using MailSuite.Mda.Accounts;

namespace MailSuite.Mda.Sessions;

/// <summary>Counts the open sessions of one protocol, in all and by client, and lets no more in than the options say.</summary>
/// <remarks>Clients of this machine count in all only: a webmail or a proxy beside us is many people.</remarks>
internal sealed class SessionGate(int maxSessions, int maxSessionsPerAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, int> _byClient = [];
    private int _sessions;

    /// <summary>Takes a place; whoever got one gives it back with <see cref="Leave"/>.</summary>
    /// <param name="address"><see langword="null"/> where the transport has no IP address.</param>
    public SessionEntry Enter(IPAddress? address)
    {
        lock (_lock)
        {
            if (_sessions >= maxSessions)
                return SessionEntry.TooMany;
            if (!IsOfThisMachine(address))
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_byClient, ClientNetwork.Of(address), out _);
                if (count >= maxSessionsPerAddress)
                    return SessionEntry.TooManyOfClient;
                count++;
            }

            _sessions++;
            return SessionEntry.Entered;
        }
    }

    public void Leave(IPAddress? address)
    {
        lock (_lock)
        {
            _sessions--;
            if (IsOfThisMachine(address))
                return;

            var client = ClientNetwork.Of(address);
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_byClient, client, out _) <= 0)
                _byClient.Remove(client);
        }
    }

    private static bool IsOfThisMachine(IPAddress? address) => address is null || IPAddress.IsLoopback(address);
}

internal enum SessionEntry
{
    Entered,
    TooMany,
    TooManyOfClient,
}
