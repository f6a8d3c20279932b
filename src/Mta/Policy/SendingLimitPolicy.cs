using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>How much an account may send within 24 hours, so that a stolen password does not fill the world's mailboxes.</summary>
/// <remarks>
/// Told at MAIL and RCPT as soon as it is known, counted when the message is whole and nobody else objects. What cannot be stored
/// afterwards stays counted.
/// </remarks>
internal sealed class SendingLimitPolicy(ISenders senders, MtaOptions options) : IMailPolicy, IRecipientPolicy, IMessagePolicy
{
    private const int LimitReached = 452;

    private readonly SentMail _limit = new(
        options.MaxMessagesPerDay == 0 ? long.MaxValue : options.MaxMessagesPerDay, options.MaxRecipientsPerDay == 0 ? long.MaxValue : options.MaxRecipientsPerDay);

    public string Name => "sending limit";

    private bool IsOff => options is { MaxMessagesPerDay: 0, MaxRecipientsPerDay: 0 };

    public ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken) =>
        IsOff || mail.Client.Account is not { } account ? new(PolicyVerdict.Accepted) : LookAsync(account, recipients: 1, cancellationToken);

    public ValueTask<PolicyVerdict> AtRecipientAsync(RecipientFacts recipient, CancellationToken cancellationToken) =>
        IsOff || recipient.Client.Account is not { } account ? new(PolicyVerdict.Accepted) : LookAsync(account, recipient.AcceptedBefore + 1, cancellationToken);

    public ValueTask<PolicyVerdict> AtMessageAsync(ContentFacts message, CancellationToken cancellationToken) =>
        message.Client.Account is { } account ? CountAsync(account, message.Local.Count + message.Remote.Count, cancellationToken) : new(PolicyVerdict.Accepted);

    /// <summary>Counts a message, or objects.</summary>
    public async ValueTask<PolicyVerdict> CountAsync(Account account, int recipients, CancellationToken cancellationToken) =>
        IsOff || await senders.TryCountAsync(account, recipients, _limit, cancellationToken) ? PolicyVerdict.Accepted : TooMuch();

    private async ValueTask<PolicyVerdict> LookAsync(Account account, int recipients, CancellationToken cancellationToken)
    {
        var sent = await senders.SentAsync(account, cancellationToken);
        return sent.Messages < _limit.Messages && sent.Recipients + recipients <= _limit.Recipients ? PolicyVerdict.Accepted : TooMuch();
    }

    private PolicyVerdict.Defer TooMuch()
    {
        var allowed = string.Join(" and ", new[]
        {
            options.MaxMessagesPerDay == 0 ? null : $"{options.MaxMessagesPerDay} messages",
            options.MaxRecipientsPerDay == 0 ? null : $"{options.MaxRecipientsPerDay} recipients",
        }.Where(part => part is not null));
        return new PolicyVerdict.Defer(StatusCodes.NotAuthorizedForNow, $"You have sent as much as an account may in 24 hours: {allowed}") { ReplyCode = LimitReached };
    }
}
