using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Dsn;

/// <summary>Who hears of mail with a null reverse-path that could not be delivered: no sender may (RFC 5321 §4.5.5), the postmaster once.</summary>
/// <remarks>
/// No loop: such a report goes to this one address, itself with a null reverse-path, and what fails on its way to this address, an alias's
/// copies included (ORCPT keeps the name), makes no report. So of any message at most two reports follow one another.
/// </remarks>
internal sealed class DoubleBounces(MtaOptions options, IRecipientDirectory directory)
{
    /// <summary>The address that is told; <see langword="null"/> when nobody is to be.</summary>
    public EnvelopeAddress? Address => options.Relay.DoubleBounces ? options.Relay.DoubleBounceAddress ?? directory.Postmaster : null;

    /// <summary>Whether somebody is told of the failure of such a recipient.</summary>
    public bool Tells(QueuedRecipient recipient) =>
        Address is { } address && !IsSame(recipient.Address.ToString(), address)
        && (recipient.Recipient.OriginalRecipient is not { } original || !IsSame(original.Address, address));

    /// <summary>A local-part's case is its host's matter (RFC 5321 §2.4), and here to be careful is to take both for one.</summary>
    private static bool IsSame(string text, EnvelopeAddress address) => string.Equals(text, address.ToString(), StringComparison.OrdinalIgnoreCase);
}
