using System.Net;
using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp;

/// <summary>The place that one session has within the limits. It follows the client when XCLIENT tells another one.</summary>
internal sealed class SessionPlace(SessionGate gate, IPAddress? address)
{
    private IPAddress? _address = address;

    /// <returns>Why not; then the session has its old place, and ends.</returns>
    public SmtpReply? MoveTo(IPAddress? address)
    {
        if (gate.Move(_address, address) is { } refusal)
            return refusal;
        _address = address;
        return null;
    }

    public void Leave() => gate.Leave(_address);
}
