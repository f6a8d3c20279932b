using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>What no header may contain.</summary>
/// <remarks>DEVIATION: RFC 5322 §4 has NUL as obsolete everywhere; in a header it is refused, in a body kept.</remarks>
internal sealed class HeaderPolicy : IMessagePolicy
{
    private static readonly PolicyVerdict Nul = new PolicyVerdict.Refuse(StatusCodes.SyntaxError, "The header contains a NUL octet");

    public string Name => "header";

    public ValueTask<PolicyVerdict> AtMessageAsync(ContentFacts message, CancellationToken cancellationToken) => new(message.Header.HasNul ? Nul : PolicyVerdict.Accepted);
}
