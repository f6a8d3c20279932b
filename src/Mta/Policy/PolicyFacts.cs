using System.Net;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Policy;

/// <summary>Who is on the other side.</summary>
/// <param name="Address">Where it connects from; <see langword="null"/> where the transport has no IP address.</param>
/// <param name="Name">What it calls itself; <see langword="null"/> before EHLO.</param>
/// <param name="IsExtended">Whether it said EHLO.</param>
/// <param name="Tls">What TLS agreed on; <see langword="null"/> in clear.</param>
/// <param name="Account">Who has authenticated.</param>
/// <param name="IsTrusted">Whether it is spared what keeps strangers in check.</param>
internal sealed record ClientFacts(SmtpRole Role, IPAddress? Address, string? Name, bool IsExtended, TlsFacts? Tls, Account? Account, bool IsTrusted);

/// <param name="DeclaredOctets">What SIZE said; 0 when it said nothing.</param>
internal readonly record struct MailFacts(ClientFacts Client, ReversePath ReversePath, long DeclaredOctets);

/// <param name="IsLocal">Whether its mailbox is here.</param>
/// <param name="AcceptedBefore">Recipients that this transaction has already.</param>
internal readonly record struct RecipientFacts(ClientFacts Client, ReversePath ReversePath, EnvelopeAddress Recipient, bool IsLocal, int AcceptedBefore);

/// <param name="Local">The recipients whose mailboxes are here.</param>
/// <param name="Remote">Those of other hosts.</param>
/// <param name="Content">The message as it was received, without a trace field of ours; can be read any number of times, until the policy has answered.</param>
internal readonly record struct ContentFacts(
    ClientFacts Client, ReversePath ReversePath, IReadOnlyList<EnvelopeRecipient> Local, IReadOnlyList<EnvelopeRecipient> Remote, HeaderScan Header, IMessageContent Content);
