using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Policy;

/// <summary>What the policies had to say, of a session or of a mail transaction: everything but plain acceptance, for the journey.</summary>
/// <param name="session">The record of the session, for that of a transaction: a quarantine there holds here.</param>
internal sealed class PolicyRecord(PolicyRecord? session = null)
{
    /// <summary>Decisions that are remembered; a client may try any number of recipients.</summary>
    private const int MaxDecisions = 100;

    private List<PolicyDecision>? _decisions;
    private PolicyVerdict.Quarantine? _quarantine;

    /// <summary>The first quarantine; <see langword="null"/> while there is none.</summary>
    public PolicyVerdict.Quarantine? Quarantine => session?.Quarantine ?? _quarantine;

    public bool IsEmpty => _decisions is null && session?.IsEmpty != false;

    public IEnumerable<PolicyDecision> Decisions => (session?.Decisions ?? []).Concat(_decisions ?? []);

    public void Add(PolicyDecision decision)
    {
        _quarantine ??= decision.Verdict as PolicyVerdict.Quarantine;
        _decisions ??= [];
        if (_decisions.Count < MaxDecisions)
            _decisions.Add(decision);
    }
}

/// <param name="Policy">The policy's name.</param>
/// <param name="Stage">The command at which it spoke, or <c>connect</c> and <c>message</c>.</param>
/// <param name="Recipient">Whom it is about, at RCPT.</param>
internal sealed record PolicyDecision(string Policy, string Stage, EnvelopeAddress? Recipient, PolicyVerdict Verdict)
{
    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        var what = Verdict switch
        {
            PolicyVerdict.Accept accept => accept.Remark,
            PolicyVerdict.Quarantine quarantine => $"{quarantine.Status} {quarantine.Reason}",
            PolicyVerdict.Objection objection => $"{objection.Status} {objection.Reason}",
            _ => throw new InvalidOperationException($"There is no verdict {Verdict}."),
        };
        return $"{Policy} at {Stage}: {Verdict.Word}: {what}";
    }
}
