using MailSuite.Mta.Envelope;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Forwarding;

/// <summary>An address of ours whose mail goes on to other hosts: an alias, or a rewritten sender that leads back.</summary>
/// <param name="Alias">As RCPT named it, with what its parameters asked.</param>
/// <param name="Targets">Where its mail goes, those left out that get the message anyway.</param>
/// <param name="IsSeveral">Whether it leads to more than one address, mailboxes here counted.</param>
internal sealed record Forward(EnvelopeRecipient Alias, IReadOnlyList<EnvelopeAddress> Targets, bool IsSeveral)
{
    /// <summary>Whether we report that the message went to all of them (RFC 3461 §5.2.7.2): the hosts that have it will not be asked to.</summary>
    public bool IsExpanded => IsSeveral && Alias.Notify.WantsSuccess();

    /// <summary>
    /// The recipients of the copy. What the sender asked goes with them, and so does whom the sender named (RFC 3461 §5.2.7.1, §5.2.7.2 (b)); word of success
    /// only where there is a single one.
    /// </summary>
    public IEnumerable<EnvelopeRecipient> Recipients => Targets.Select(target => Alias with
    {
        Address = target,
        Notify = IsExpanded ? WithoutSuccess(Alias.Notify) : Alias.Notify,
        OriginalRecipient = Alias.OriginalRecipient ?? OriginalRecipient.Of(Alias.Address),
        Route = [],
    });

    private static Notify WithoutSuccess(Notify notify) => (notify & ~Notify.Success) is var rest and not Notify.Unspecified ? rest : Notify.Never;
}
