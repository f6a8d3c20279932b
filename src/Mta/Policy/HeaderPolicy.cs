using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>What no header may contain (RFC 5322 §2.2).</summary>
internal sealed class HeaderPolicy : IMessagePolicy
{
    private static readonly PolicyVerdict Nul = new PolicyVerdict.Refuse(StatusCodes.SyntaxError, "The header contains a NUL octet");

    public string Name => "header";

    public ValueTask<PolicyVerdict> AtMessageAsync(ContentFacts message, CancellationToken cancellationToken) => new(message.Header.HasNul ? Nul : PolicyVerdict.Accepted);
}
