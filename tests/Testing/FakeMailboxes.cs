using System.Collections.Concurrent;
using System.Text;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Testing;

/// <summary>Mailboxes in memory: takes what is delivered, once for each delivery id, and says who is local.</summary>
public sealed class FakeMailboxes : ILocalDelivery, IRecipientDirectory
{
    private readonly ConcurrentDictionary<EnvelopeAddress, ConcurrentQueue<StoredMail>> _mailboxes = new();
    private readonly ConcurrentDictionary<DeliveryId, IReadOnlyList<LocalDeliveryOutcome>> _outcomes = new();
    private readonly ConcurrentQueue<LocalDelivery> _deliveries = new();
    private readonly ConcurrentQueue<(LocalDelivery, StoredMail)> _taken = new();

    public FakeMailboxes(params IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
            _mailboxes[EnvelopeAddress.Parse(address)] = new();
    }

    public EnvelopeAddress Postmaster { get; set; } = EnvelopeAddress.Parse("postmaster@example.org");

    /// <summary>Whether every address has a mailbox.</summary>
    public bool EveryoneIsLocal { get; init; }

    /// <summary>What JudgeAsync says of an address instead.</summary>
    public ConcurrentDictionary<string, RecipientVerdict> Verdicts { get; } = new();

    /// <summary>What becomes of mail for an address instead of being stored.</summary>
    public ConcurrentDictionary<string, LocalDeliveryOutcome> Outcomes { get; } = new();

    /// <summary>Thrown at the next deliveries.</summary>
    public Exception? Failure { get; set; }

    public IReadOnlyCollection<LocalDelivery> Deliveries => [.. _deliveries];

    /// <summary>The deliveries with the octets that they had.</summary>
    public IReadOnlyCollection<(LocalDelivery Delivery, StoredMail Mail)> Taken => [.. _taken];

    public IReadOnlyList<StoredMail> Of(string address) => _mailboxes.TryGetValue(EnvelopeAddress.Parse(address), out var mail) ? [.. mail] : [];

    public ValueTask<RecipientVerdict> JudgeAsync(EnvelopeAddress recipient, CancellationToken cancellationToken) => new(
        Verdicts.TryGetValue(recipient.ToString(), out var verdict) ? verdict
        : EveryoneIsLocal || _mailboxes.ContainsKey(recipient) || recipient.Equals(Postmaster) ? new RecipientVerdict.Local()
        : _mailboxes.Keys.Any(known => known.Domain.Equals(recipient.Domain)) ? new RecipientVerdict.NoSuchMailbox()
        : new RecipientVerdict.NotLocal());

    public async ValueTask<IReadOnlyList<LocalDeliveryOutcome>> DeliverAsync(LocalDelivery delivery, CancellationToken cancellationToken)
    {
        if (Failure is not null)
            throw Failure;

        _deliveries.Enqueue(delivery);
        if (_outcomes.TryGetValue(delivery.Id, out var earlier))
            return earlier;

        using var copy = new MemoryStream();
        await using (var content = delivery.Content.OpenRead())
            await content.CopyToAsync(copy, cancellationToken);
        var mail = new StoredMail(delivery.ReversePath, copy.ToArray());
        _taken.Enqueue((delivery, mail));
        return _outcomes[delivery.Id] = [.. delivery.Recipients.Select(recipient => Store(recipient, mail))];
    }

    private LocalDeliveryOutcome Store(EnvelopeAddress recipient, StoredMail mail)
    {
        if (Outcomes.TryGetValue(recipient.ToString(), out var outcome))
            return outcome;

        _mailboxes.GetOrAdd(recipient, _ => new()).Enqueue(mail);
        return new LocalDeliveryOutcome.Stored();
    }
}

public sealed record StoredMail(ReversePath ReversePath, byte[] Octets)
{
    public string Text => Encoding.UTF8.GetString(Octets);

    /// <summary>The message as it was sent: without the trace fields of the host that accepted it.</summary>
    public string TextAfterTrace
    {
        get
        {
            var text = Text;
            var at = text.StartsWith("Received: ", StringComparison.Ordinal) ? text.IndexOf("\r\n", StringComparison.Ordinal) + 2 : 0;
            while (at > 0 && at < text.Length && text[at] is ' ' or '\t')
                at = text.IndexOf("\r\n", at, StringComparison.Ordinal) + 2;
            return text[at..];
        }
    }
}
