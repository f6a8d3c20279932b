using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Mta.Acceptance;

/// <summary>Brings messages to the screens of recipients who are there (RFC 821 §3.4).</summary>
/// <param name="terminals">Without them nobody is ever there.</param>
internal sealed class TerminalDelivery(IAddressLookup directory, ITerminals? terminals = null)
{
    /// <summary>Whether there can be terminals at all.</summary>
    public bool IsPossible => terminals is not null;

    /// <summary>Whether everybody who gets mail for the address has a screen before them.</summary>
    public async ValueTask<bool> IsThereAsync(EnvelopeAddress recipient, CancellationToken cancellationToken)
    {
        if (terminals is null)
            return false;

        var accounts = await directory.AccountsOfAsync(recipient, cancellationToken);
        return accounts.Count > 0 && accounts.All(terminals.IsThere);
    }

    /// <summary>Shows the message to all its local recipients at once.</summary>
    /// <param name="isKept">Whether their mailboxes have it too.</param>
    /// <returns>
    /// One outcome a recipient, in the order of <see cref="Handover.Local"/>; shown only when everybody behind the address has seen it.
    /// </returns>
    public async ValueTask<IReadOnlyList<TerminalOutcome>> ShowAsync(Handover message, bool isKept) =>
        await Task.WhenAll(message.Local.Select(recipient => ShowAsync(message, recipient.Address, isKept)));

    private async Task<TerminalOutcome> ShowAsync(Handover message, EnvelopeAddress recipient, bool isKept)
    {
        if (terminals is null)
            return TerminalOutcome.NobodyThere;

        var accounts = await directory.AccountsOfAsync(recipient, CancellationToken.None);
        if (accounts.Count == 0 || (!isKept && !accounts.All(terminals.IsThere)))
            return TerminalOutcome.NobodyThere;

        var shown = new TerminalMessage(message.Journey, message.ReversePath, recipient, message.Content, message.ReceivedAt, isKept);
        var outcomes = await Task.WhenAll(accounts.Select(account => terminals.ShowAsync(account, shown, CancellationToken.None).AsTask()));
        return outcomes.Max();
    }
}
