using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>What no header may contain, and how large it may be (RFC 5322 §2.1.1, §2.2).</summary>
/// <remarks>DEVIATION: RFC 5322 §4 has NUL as obsolete everywhere; in a header it is refused, in a body kept.</remarks>
internal sealed class HeaderPolicy(MtaOptions options) : IMessagePolicy
{
    private readonly PolicyVerdict _nul = new PolicyVerdict.Refuse(StatusCodes.SyntaxError, "The header contains a NUL octet");
    private readonly PolicyVerdict _tooLarge = new PolicyVerdict.Refuse(StatusCodes.MessageTooLarge, $"The header is larger than {options.Strictness.MaxHeaderOctets} octets");
    private readonly PolicyVerdict _lineTooLong = new PolicyVerdict.Refuse(StatusCodes.SyntaxError, $"A line of the header is longer than {options.Strictness.MaxHeaderLineOctets} octets");
    private readonly PolicyVerdict _tooMany = new PolicyVerdict.Refuse(StatusCodes.SyntaxError, $"The header has more than {options.Strictness.MaxHeaderFields} fields");

    public string Name => "header";

    public ValueTask<PolicyVerdict> AtMessageAsync(ContentFacts message, CancellationToken cancellationToken)
    {
        var header = message.Header;
        return new(
            header.HasNul ? _nul
            : header.Octets > options.Strictness.MaxHeaderOctets ? _tooLarge
            : header.LongestLineOctets > options.Strictness.MaxHeaderLineOctets ? _lineTooLong
            : header.Fields > options.Strictness.MaxHeaderFields ? _tooMany
            : PolicyVerdict.Accepted);
    }
}
