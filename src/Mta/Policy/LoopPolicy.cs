using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>Mail that has passed more hosts than any way has goes in a circle (RFC 5321 §6.3).</summary>
internal sealed class LoopPolicy(MtaOptions options) : IMessagePolicy
{
    private static readonly PolicyVerdict Looping = new PolicyVerdict.Refuse(StatusCodes.RoutingLoop, "Too many hops: this message is looping");

    public string Name => "mail loops";

    public ValueTask<PolicyVerdict> AtMessageAsync(ContentFacts message, CancellationToken cancellationToken) =>
        new(message.Header.ReceivedFields > options.MaxReceivedFields ? Looping : PolicyVerdict.Accepted);
}
