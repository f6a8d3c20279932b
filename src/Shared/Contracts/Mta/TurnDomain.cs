using System.Net;
using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>Who may ask for the mail of a domain that waits here for its host.</summary>
/// <param name="Accounts">They may have it sent at once (ETRN) and may fetch it over their own session (ATRN, TURN).</param>
/// <param name="Networks">From where ETRN is taken without authentication: it brings the mail to the domain's MX and to nobody else.</param>
/// <param name="TryMx">Whether the domain's MX is tried all the same, as for any other domain; otherwise only after ETRN.</param>
public sealed record TurnDomain(IReadOnlyList<EnvelopeAddress> Accounts, IReadOnlyList<IPNetwork> Networks, bool TryMx);
