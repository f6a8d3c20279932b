using MailSuite.Mta.Routing;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>What a stranger may call itself: not by our name, and by one that the DNS has an address for. Both only where an option asks for it.</summary>
/// <remarks>RFC 5321 §4.1.4 forbids to refuse mail because a name does not verify; who turns this on prefers less spam.</remarks>
internal sealed class HelloPolicy(MtaOptions options, IDnsResolver dns) : IHelloPolicy
{
    private static readonly PolicyVerdict OurName = new PolicyVerdict.Refuse(StatusCodes.NotAuthorized, "That is our own name: say yours");
    private static readonly PolicyVerdict NoAddress = new PolicyVerdict.Refuse(StatusCodes.NotAuthorized, "The DNS has no address for the name that you say");

    public string Name => "hello name";

    public ValueTask<PolicyVerdict> AtHelloAsync(ClientFacts client, CancellationToken cancellationToken)
    {
        if (client.IsTrusted || client.Role != SmtpRole.Mx)
            return new(PolicyVerdict.Accepted);
        if (options.Strictness.RefuseOwnName && Domain.TryParse(client.Name!, out var domain) && domain.Equals(options.HostName))
            return new(OurName);
        return options.Strictness.ResolveName ? ResolveAsync(client.Name!, cancellationToken) : new(PolicyVerdict.Accepted);
    }

    private async ValueTask<PolicyVerdict> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (name.StartsWith('['))
            return PolicyVerdict.Accepted;

        var answer = await dns.AddressesAsync(name, cancellationToken);
        return answer is DnsAnswer<System.Net.IPAddress>.NoSuchName or DnsAnswer<System.Net.IPAddress>.NoRecords ? NoAddress : PolicyVerdict.Accepted;
    }
}
