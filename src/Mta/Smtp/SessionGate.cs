using System.Net;
using System.Runtime.InteropServices;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp;

/// <summary>Counts the sessions that are open, in all, by client address and by its network, and lets no more in than the options say.</summary>
/// <remarks>An IPv6 client counts by its /64, of which one machine has every address (RFC 4291 §2.5.4, RFC 8981).</remarks>
internal sealed class SessionGate(MtaOptions options, TrustedNetworks trusted)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AddressRange, int> _byAddress = [];
    private readonly Dictionary<AddressRange, int> _byNetwork = [];
    private int _sessions;

    /// <summary>Takes a place; whoever got one gives it back with <see cref="Leave"/>.</summary>
    /// <param name="address">The client; <see langword="null"/> where the transport has no address. Of it and of trusted clients only the total counts.</param>
    /// <returns>Why not; <see langword="null"/> when the session may begin.</returns>
    public SmtpReply? Enter(IPAddress? address)
    {
        lock (_lock)
        {
            if (_sessions >= options.MaxSessions)
                return SmtpReplies.TooManySessions;
            if (Count(address) is { } refusal)
                return refusal;

            _sessions++;
            return null;
        }
    }

    /// <summary>Gives the place of one address to another, whose limits hold.</summary>
    /// <returns>Why not; then nothing has changed.</returns>
    public SmtpReply? Move(IPAddress? from, IPAddress? to)
    {
        lock (_lock)
        {
            // Not counted any more first: within one network the place moves and is no second one.
            Forget(from);
            if (Count(to) is not { } refusal)
                return null;

            Count(from);
            return refusal;
        }
    }

    public void Leave(IPAddress? address)
    {
        lock (_lock)
        {
            _sessions--;
            Forget(address);
        }
    }

    private SmtpReply? Count(IPAddress? address)
    {
        if (trusted.Contains(address))
            return null;

        var client = AddressRange.ClientOf(address!);
        var network = AddressRange.NetworkOf(address!);
        if (_byAddress.GetValueOrDefault(client) >= options.MaxSessionsPerAddress)
            return SmtpReplies.TooManySessionsFromAddress;
        if (_byNetwork.GetValueOrDefault(network) >= options.Strictness.MaxSessionsPerNetwork)
            return SmtpReplies.TooManySessionsFromNetwork;
        CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, client, out _)++;
        CollectionsMarshal.GetValueRefOrAddDefault(_byNetwork, network, out _)++;
        return null;
    }

    private void Forget(IPAddress? address)
    {
        if (trusted.Contains(address))
            return;

        Forget(_byAddress, AddressRange.ClientOf(address!));
        Forget(_byNetwork, AddressRange.NetworkOf(address!));
    }

    private static void Forget(Dictionary<AddressRange, int> open, AddressRange range)
    {
        if (--CollectionsMarshal.GetValueRefOrAddDefault(open, range, out _) <= 0)
            open.Remove(range);
    }
}
