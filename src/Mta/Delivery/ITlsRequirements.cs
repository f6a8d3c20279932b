using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Delivery;

/// <summary>How much TLS a host must give. What a destination publishes (DANE, MTA-STS) and what a message demands (REQUIRETLS) comes in here.</summary>
internal interface ITlsRequirements
{
    /// <summary>Asked for each message and host, so an answer that takes a look-up is cached.</summary>
    ValueTask<TlsPolicy> ForAsync(OutboundMessage message, Domain destination, MxHost host, Transport transport, CancellationToken cancellationToken);
}

/// <summary>What the settings of the transport say.</summary>
internal sealed class ConfiguredTls : ITlsRequirements
{
    public ValueTask<TlsPolicy> ForAsync(OutboundMessage message, Domain destination, MxHost host, Transport transport, CancellationToken cancellationToken) => new(transport.Tls);
}
