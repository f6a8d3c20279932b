using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Delivery;

/// <summary>How far an attempt at one destination is.</summary>
internal sealed class CourierAttempt(IReadOnlyList<QueuedRecipient> recipients)
{
    private readonly Dictionary<long, RecipientOutcome> _outcomes = [];
    private readonly List<SessionReport> _sessions = [];
    private RecipientOutcome? _hostFailure;

    /// <summary>Recipients whom another host may still help.</summary>
    public List<QueuedRecipient> Waiting { get; } = [.. recipients];

    /// <summary>Addresses that were tried.</summary>
    public int Addresses { get; set; }

    /// <summary>Sessions of hosts that answered.</summary>
    public int Visits { get; set; }

    /// <summary>Whether any host has answered.</summary>
    public bool Reached { get; set; }

    public void Settle(IEnumerable<RecipientResult> results)
    {
        foreach (var (recipient, outcome) in results)
        {
            _outcomes[recipient.Key] = outcome;
            if (outcome.Kind != OutcomeKind.Deferred)
                Waiting.Remove(recipient);
        }
    }

    /// <summary>Gives all who wait the same outcome.</summary>
    public void SettleWaiting(RecipientOutcome outcome) => Settle([.. Waiting.Select(recipient => new RecipientResult(recipient, outcome))]);

    /// <summary>A host could not be used for anybody. What is temporary outweighs what is permanent: doubt never bounces.</summary>
    public void HostFailed(RecipientOutcome outcome)
    {
        if (_hostFailure is null || outcome.Kind == OutcomeKind.Deferred)
            _hostFailure = outcome;
    }

    /// <summary>Keeps what a session did; called while the session is still ours.</summary>
    public void Tell(ClientSession session, string peer, IReadOnlyList<RecipientResult> results) =>
        _sessions.Add(new SessionReport(peer, session.Tls, results, session.Transcript.ToList()) { Security = session.Security });

    public CourierReport Report() => new(
        [.. recipients.Select(recipient => new RecipientResult(recipient, _outcomes.GetValueOrDefault(recipient.Key) ?? _hostFailure!))], _sessions, !Reached);
}
