using MailSuite.Mta.Delivery;
using MailSuite.Mta.Spool;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Queue;

/// <summary>The outcomes of one attempt, those that are committed and those that are not.</summary>
internal sealed class Settled(QueuedMessage message, bool isHeld)
{
    private readonly Dictionary<long, RecipientResult> _results = [];
    private readonly HashSet<long> _committed = [];
    private readonly Dictionary<long, DateTimeOffset> _untried = [];

    public QueuedMessage Message => message;

    /// <summary>Whether it waits here to be asked for.</summary>
    public bool IsHeld => isHeld;

    /// <summary>Whether there may be something to report.</summary>
    public bool Failed { get; set; }

    /// <summary>The next hop that the queue reckons it to.</summary>
    public string Lane { get; init; } = "";

    /// <summary>What the attempt says about that.</summary>
    public HostFeedback Host { get; private set; }

    /// <summary>Until when that is left alone, when nobody answers for it.</summary>
    public DateTimeOffset? DeadUntil { get; private set; }

    /// <summary>When the first of those that wait on is due.</summary>
    public DateTimeOffset? NextDue { get; set; }

    /// <summary>Whether something could not be written.</summary>
    public bool IsOpen { get; set; }

    public IReadOnlyList<TranscriptLine> Dialogue { get; set; } = [];

    public IEnumerable<QueuedRecipient> Open => message.Recipients.Where(recipient => !Has(recipient));

    public IEnumerable<RecipientResult> Results => _results.Values;

    public IEnumerable<RecipientResult> Uncommitted => _results.Values.Where(result => !_committed.Contains(result.Recipient.Key));

    public bool Has(QueuedRecipient recipient) => _results.ContainsKey(recipient.Key);

    public void Add(QueuedRecipient recipient, RecipientOutcome outcome) => _results.Add(recipient.Key, new RecipientResult(recipient, outcome));

    public void Add(IEnumerable<QueuedRecipient> recipients, RecipientOutcome outcome) => Add(recipients.Select(recipient => new RecipientResult(recipient, outcome)));

    public void Add(IEnumerable<RecipientResult> results)
    {
        foreach (var result in results.ToList())
            Add(result.Recipient, result.Outcome);
    }

    /// <summary>Adds recipients for whom nobody was asked: the attempt does not count.</summary>
    public void AddUntried(IReadOnlyList<QueuedRecipient> recipients, RecipientOutcome outcome, DateTimeOffset notBefore)
    {
        Add(recipients, outcome);
        foreach (var recipient in recipients)
            _untried.Add(recipient.Key, notBefore);
    }

    /// <summary>When a recipient may be tried again for whom nobody was asked; <see langword="null"/> for the others.</summary>
    public DateTimeOffset? NotBefore(QueuedRecipient recipient) => _untried.TryGetValue(recipient.Key, out var at) ? at : null;

    /// <summary>A next hop has answered, or has failed to. One by whom some recipients go another way than the rest says nothing about the others'.</summary>
    public void Heard(string lane, bool isAnswer)
    {
        if (lane == Lane)
            Host = isAnswer ? HostFeedback.Answered : HostFeedback.Failed;
    }

    /// <summary>Nobody answers for a next hop.</summary>
    public void Died(string lane, DateTimeOffset until)
    {
        if (lane == Lane)
            DeadUntil = until;
    }

    public void AddCommitted(IEnumerable<RecipientResult> results)
    {
        foreach (var result in results)
        {
            Add(result.Recipient, result.Outcome);
            _committed.Add(result.Recipient.Key);
        }
    }
}
