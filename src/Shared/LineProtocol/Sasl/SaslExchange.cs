using System.Diagnostics.CodeAnalysis;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>One authentication exchange, server side, in base64 as SMTP, IMAP and POP3 carry it (RFC 4422 §3, RFC 4954 §4).</summary>
/// <remarks>The protocol sends each challenge, reads each answer, and turns the last step into a reply of its own; all else is here.</remarks>
public sealed class SaslExchange
{
    private readonly ISaslMechanism _mechanism;

    private SaslExchange(ISaslMechanism mechanism) => _mechanism = mechanism;

    /// <summary>Begins an exchange; <see langword="false"/> for a mechanism that there is not for this client (504 in SMTP).</summary>
    public static bool TryBegin(ReadOnlySpan<char> mechanism, SaslPeer peer, [NotNullWhen(true)] out SaslExchange? exchange)
    {
        exchange = null;
        if (peer.OffersPlus && mechanism.Equals(SaslMechanisms.ScramSha256Plus, StringComparison.OrdinalIgnoreCase))
            exchange = new SaslExchange(new ScramMechanism(peer, plus: true));
        else if (mechanism.Equals(SaslMechanisms.ScramSha256, StringComparison.OrdinalIgnoreCase))
            exchange = new SaslExchange(new ScramMechanism(peer, plus: false));
        else if (mechanism.Equals(SaslMechanisms.Plain, StringComparison.OrdinalIgnoreCase))
            exchange = new SaslExchange(new PlainMechanism(peer));
        else if (mechanism.Equals(SaslMechanisms.Login, StringComparison.OrdinalIgnoreCase))
            exchange = new SaslExchange(new LoginMechanism(peer));
        return exchange is not null;
    }

    /// <summary>The first step.</summary>
    /// <param name="initialResponse">Base64, <c>=</c> for an empty one (RFC 4954 §4); <see langword="null"/> when the client sent none.</param>
    public ValueTask<SaslStep> StartAsync(string? initialResponse) => initialResponse switch
    {
        null => _mechanism.StartAsync(),
        "=" => _mechanism.RespondAsync(ReadOnlyMemory<byte>.Empty),
        _ => ContinueAsync(initialResponse),
    };

    /// <summary>The step after the client answered a challenge with this line; <c>*</c> cancels.</summary>
    public ValueTask<SaslStep> ContinueAsync(string line)
    {
        if (line == "*")
            return new(new SaslStep.Cancelled());

        var octets = new byte[line.Length * 3 / 4 + 3];
        return line.AsSpan().IndexOfAny(" \t\r\n") < 0 && Convert.TryFromBase64String(line, octets, out var written)
            ? _mechanism.RespondAsync(octets.AsMemory(0, written))
            : new(new SaslStep.Malformed("the response is not base64"));
    }
}
