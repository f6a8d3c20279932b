using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>Capabilities of IMAP that one account's clients are not offered, for a program that says it can do something and then cannot.</summary>
public interface IHiddenCapabilities
{
    /// <summary>Adds and takes away; sessions that begin afterwards keep to it. Durable when the task is done.</summary>
    /// <param name="hide">Names in any case. One that there is not, and one that no session can do without, is refused.</param>
    ValueTask<HiddenCapabilitiesChange> ChangeAsync(EnvelopeAddress address, IReadOnlyCollection<string> hide, IReadOnlyCollection<string> show, CancellationToken cancellationToken);
}

public abstract record HiddenCapabilitiesChange
{
    private HiddenCapabilitiesChange()
    {
    }

    /// <param name="Hidden">All that are hidden now, by name.</param>
    public sealed record Done(Account Account, IReadOnlyList<string> Hidden) : HiddenCapabilitiesChange;

    /// <summary>Nothing was changed.</summary>
    public sealed record Refused(string Reason) : HiddenCapabilitiesChange;
}
