using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Policy;

/// <summary>The policies of one stage in their order.</summary>
/// <remarks>Where no policy has to wait the answer is there at once, and acceptance allocates nothing.</remarks>
internal sealed class PolicyStage<TPolicy, TFacts>(string name, IEnumerable<IPolicy> all, Func<TPolicy, TFacts, CancellationToken, ValueTask<PolicyVerdict>> ask)
    where TPolicy : IPolicy
{
    private readonly TPolicy[] _policies = [.. all.OfType<TPolicy>()];

    /// <param name="recipient">Whom it is about, at RCPT.</param>
    /// <returns>The first objection; <see langword="null"/> when there is none.</returns>
    public ValueTask<PolicyVerdict.Objection?> AskAsync(TFacts facts, EnvelopeAddress? recipient, PolicyRecord record, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _policies.Length; i++)
        {
            var asked = ask(_policies[i], facts, cancellationToken);
            if (!asked.IsCompletedSuccessfully)
                return WaitAsync(asked, i, facts, recipient, record, cancellationToken);
            if (Note(_policies[i], asked.Result, recipient, record) is { } objection)
                return new(objection);
        }

        return default;
    }

    private async ValueTask<PolicyVerdict.Objection?> WaitAsync(
        ValueTask<PolicyVerdict> asked, int at, TFacts facts, EnvelopeAddress? recipient, PolicyRecord record, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Note(_policies[at], await asked, recipient, record) is { } objection)
                return objection;
            if (++at == _policies.Length)
                return null;
            asked = ask(_policies[at], facts, cancellationToken);
        }
    }

    private PolicyVerdict.Objection? Note(TPolicy policy, PolicyVerdict verdict, EnvelopeAddress? recipient, PolicyRecord record)
    {
        if (verdict is not PolicyVerdict.Accept { Remark: null })
            record.Add(new PolicyDecision(policy.Name, name, recipient, verdict));
        return verdict as PolicyVerdict.Objection;
    }
}
