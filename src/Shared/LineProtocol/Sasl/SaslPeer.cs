using System.Net;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>Whom an exchange is held with, and who says whether the credentials are right.</summary>
/// <param name="Address">Where the client connects from; <see langword="null"/> where the transport has no IP address.</param>
/// <param name="Bindings">What the client may bind to; <see cref="ChannelBindings.None"/> without TLS.</param>
/// <param name="OffersPlus">Whether the client was offered <see cref="SaslMechanisms.ScramSha256Plus"/>, so that "I was not" is a sign of tampering.</param>
public sealed record SaslPeer(IAccounts Accounts, IPAddress? Address, ChannelBindings Bindings, bool OffersPlus);
