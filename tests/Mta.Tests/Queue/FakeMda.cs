using System.Collections.Concurrent;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>An MDA for the domain here.test that stores what it is given, once for each delivery id and recipient.</summary>
internal sealed class FakeMda : IRecipientDirectory, ILocalDelivery
{
    private readonly ConcurrentDictionary<(DeliveryId, EnvelopeAddress), byte[]> _stored = new();

    public EnvelopeAddress Postmaster { get; } = EnvelopeAddress.Parse("postmaster@here.test");

    /// <summary>Asked at each delivery; <see langword="null"/> to store.</summary>
    public Func<EnvelopeAddress, LocalDeliveryOutcome?> OnDelivery { get; set; } = _ => null;

    /// <summary>Aliases that lead to other hosts.</summary>
    public ConcurrentDictionary<string, RecipientVerdict.Forwards> Forwards { get; } = new();

    /// <summary>The mailboxes that the deliveries were for, in their order.</summary>
    public ConcurrentQueue<SpecialUse> Into { get; } = new();

    /// <summary>What each mailbox holds.</summary>
    public IReadOnlyList<(string Recipient, byte[] Octets)> Stored => [.. _stored.Select(pair => (pair.Key.Item2.ToString(), pair.Value))];

    public ValueTask<RecipientVerdict> JudgeAsync(EnvelopeAddress recipient, CancellationToken cancellationToken) => ValueTask.FromResult<RecipientVerdict>(
        Forwards.TryGetValue(recipient.ToString(), out var forwards) ? forwards
        : recipient.Domain.Ascii != "here.test" ? new RecipientVerdict.NotLocal()
        : recipient.LocalPart == "nobody" ? new RecipientVerdict.NoSuchMailbox()
        : recipient.LocalPart == "closed" ? new RecipientVerdict.Unavailable(new EnhancedStatusCode(5, 2, 1), "The mailbox is closed.")
        : new RecipientVerdict.Local());

    public async ValueTask<IReadOnlyList<LocalDeliveryOutcome>> DeliverAsync(LocalDelivery delivery, CancellationToken cancellationToken)
    {
        Into.Enqueue(delivery.Into);
        var outcomes = new List<LocalDeliveryOutcome>();
        foreach (var recipient in delivery.Recipients)
        {
            var outcome = OnDelivery(recipient) ?? new LocalDeliveryOutcome.Stored();
            if (outcome is LocalDeliveryOutcome.Stored)
            {
                var octets = new MemoryStream();
                await using var source = delivery.Content.OpenRead();
                await source.CopyToAsync(octets, cancellationToken);
                _stored[(delivery.Id, recipient)] = octets.ToArray();
            }

            outcomes.Add(outcome);
        }

        return outcomes;
    }
}
