using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Delivery;

/// <summary>What all sessions of our client have in common.</summary>
/// <param name="Room">For a message that has to be re-coded.</param>
internal sealed record ClientConditions(MtaOptions Options, DeliveryLimits Limits, IncomingDirectory Room, TrustedRoots Roots, TimeProvider Clock);
