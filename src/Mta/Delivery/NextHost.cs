using System.Globalization;
using System.Net;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Delivery;

/// <summary>A host and everything that decides how it is spoken with. Two messages may share a session only if these are equal.</summary>
/// <param name="Name">Under which we found it: in A-labels, or an address literal with its brackets.</param>
/// <param name="Address">Given when nothing is to be looked up.</param>
/// <param name="Tls">How much TLS it must give, for this destination.</param>
internal sealed record NextHost(string Name, IPAddress? Address, int Port, Transport Transport, TlsPolicy Tls)
{
    /// <summary>The name that its certificate must have (RFC 6125 §6).</summary>
    public string CertificateName => Address is not null && Name.StartsWith('[') ? Address.ToString() : Name;

    /// <summary>Name, address and port, as journeys show them.</summary>
    public string At(EndPoint end) => end is IPEndPoint ip ? string.Create(CultureInfo.InvariantCulture, $"{Name} [{ip.Address}]:{Port}") : $"{Name} [{end}]";
}
