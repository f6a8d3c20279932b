using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>What comes next in an exchange. None of them has a password in it.</summary>
public abstract record SaslStep
{
    private SaslStep()
    {
    }

    /// <summary>Send this, in base64, and wait for an answer.</summary>
    public sealed record Challenge(string Base64) : SaslStep;

    /// <summary>The accounts have judged.</summary>
    public sealed record Done(AuthenticationOutcome Outcome) : SaslStep;

    /// <summary>The exchange itself cannot be trusted, whoever the client is; the reason is for people.</summary>
    public sealed record Refused(string Reason) : SaslStep;

    /// <summary>The client did not keep to the mechanism's syntax.</summary>
    public sealed record Malformed(string Reason) : SaslStep;

    public sealed record Cancelled : SaslStep;
}
