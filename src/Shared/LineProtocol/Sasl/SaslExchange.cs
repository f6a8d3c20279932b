using System.Diagnostics.CodeAnalysis;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>One authentication exchange, server side, in base64 as SMTP, IMAP and POP3 carry it (RFC 4422 §3, RFC 4954 §4).</summary>
/// <remarks>It finds out who the client claims to be; whether that is true, the caller asks the accounts.</remarks>
public sealed class SaslExchange
{
    private readonly ISaslMechanism _mechanism;

    private SaslExchange(ISaslMechanism mechanism) => _mechanism = mechanism;

    /// <summary>The mechanisms there are, strongest first.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = ["PLAIN", "LOGIN"];

    /// <summary>Begins an exchange; <see langword="false"/> for a mechanism that there is not (504 in SMTP).</summary>
    public static bool TryBegin(ReadOnlySpan<char> mechanism, [NotNullWhen(true)] out SaslExchange? exchange)
    {
        exchange = null;
        if (mechanism.Equals("PLAIN", StringComparison.OrdinalIgnoreCase))
            exchange = new SaslExchange(new PlainMechanism());
        else if (mechanism.Equals("LOGIN", StringComparison.OrdinalIgnoreCase))
            exchange = new SaslExchange(new LoginMechanism());
        return exchange is not null;
    }

    /// <summary>The first step.</summary>
    /// <param name="initialResponse">Base64, <c>=</c> for an empty one (RFC 4954 §4); <see langword="null"/> when the client sent none.</param>
    public SaslStep Start(string? initialResponse) => initialResponse switch
    {
        null => _mechanism.Start(),
        "=" => _mechanism.Respond([]),
        _ => Continue(initialResponse),
    };

    /// <summary>The step after the client answered a challenge with this line; <c>*</c> cancels.</summary>
    public SaslStep Continue(string line)
    {
        if (line == "*")
            return new SaslStep.Cancelled();

        var octets = new byte[line.Length * 3 / 4 + 3];
        return line.AsSpan().IndexOfAny(" \t\r\n") < 0 && Convert.TryFromBase64String(line, octets, out var written)
            ? _mechanism.Respond(octets.AsSpan(0, written))
            : new SaslStep.Malformed("the response is not base64");
    }
}

/// <summary>What comes next in an exchange.</summary>
public abstract record SaslStep
{
    private SaslStep()
    {
    }

    /// <summary>Send this, in base64, and wait for an answer.</summary>
    public sealed record Challenge(string Base64) : SaslStep;

    /// <summary>The client has told everything. Printing it does not show the password.</summary>
    public sealed record Credentials(string AuthorizationId, string UserName, string Password) : SaslStep
    {
        public override string ToString() => $"Credentials of {UserName}";
    }

    public sealed record Malformed(string Reason) : SaslStep;

    public sealed record Cancelled : SaslStep;
}
