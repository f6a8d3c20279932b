using System.Net;
using System.Net.Sockets;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp;

/// <summary>Counts the sessions that are open, in all and by client address, and lets no more in than the options say.</summary>
/// <remarks>An IPv6 client counts by its /64, of which one machine has every address (RFC 4291 §2.5.4, RFC 8981).</remarks>
internal sealed class SessionGate(MtaOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _sessions;

    /// <summary>Takes a place; whoever got one gives it back with <see cref="Leave"/>.</summary>
    /// <param name="address">The client; <see langword="null"/> where the transport has no address, and then only the total counts.</param>
    /// <returns>Why not; <see langword="null"/> when the session may begin.</returns>
    public SmtpReply? Enter(IPAddress? address)
    {
        lock (_lock)
        {
            if (_sessions >= options.MaxSessions)
                return SmtpReplies.TooManySessions;

            if (address is not null)
            {
                var client = ClientOf(address);
                var open = _byAddress.GetValueOrDefault(client);
                if (open >= options.MaxSessionsPerAddress)
                    return SmtpReplies.TooManySessionsFromAddress;
                _byAddress[client] = open + 1;
            }

            _sessions++;
            return null;
        }
    }

    /// <summary>Gives the place of one address to another, whose limit holds.</summary>
    /// <returns>Why not; then nothing has changed.</returns>
    public SmtpReply? Move(IPAddress? from, IPAddress? to)
    {
        lock (_lock)
        {
            if (to is not null && !Equals(from is null ? null : ClientOf(from), ClientOf(to)) && _byAddress.GetValueOrDefault(ClientOf(to)) >= options.MaxSessionsPerAddress)
                return SmtpReplies.TooManySessionsFromAddress;
            Subtract(from);
            if (to is not null)
                _byAddress[ClientOf(to)] = _byAddress.GetValueOrDefault(ClientOf(to)) + 1;
            return null;
        }
    }

    public void Leave(IPAddress? address)
    {
        lock (_lock)
        {
            _sessions--;
            Subtract(address);
        }
    }

    private void Subtract(IPAddress? address)
    {
        if (address is null)
            return;

        var client = ClientOf(address);
        var open = _byAddress[client] - 1;
        if (open == 0)
            _byAddress.Remove(client);
        else
            _byAddress[client] = open;
    }

    private static IPAddress ClientOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;

        var octets = address.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return new IPAddress(octets);
    }
}
