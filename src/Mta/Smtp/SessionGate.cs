using System.Net;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp;

/// <summary>Counts the sessions that are open, in all and by client address, and lets no more in than the options say.</summary>
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
                var open = _byAddress.GetValueOrDefault(address);
                if (open >= options.MaxSessionsPerAddress)
                    return SmtpReplies.TooManySessionsFromAddress;
                _byAddress[address] = open + 1;
            }

            _sessions++;
            return null;
        }
    }

    public void Leave(IPAddress? address)
    {
        lock (_lock)
        {
            _sessions--;
            if (address is null)
                return;

            var open = _byAddress[address] - 1;
            if (open == 0)
                _byAddress.Remove(address);
            else
                _byAddress[address] = open;
        }
    }
}
