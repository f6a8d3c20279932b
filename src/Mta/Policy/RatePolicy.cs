using System.Net;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>How much a client, and its network, may do in a minute. Trusted clients and people who have authenticated are not counted.</summary>
internal sealed class RatePolicy(MtaOptions options, TimeProvider clock) : IConnectPolicy, IMailPolicy, IRecipientPolicy
{
    private static readonly PolicyVerdict TooManyConnections = Later("connections");
    private static readonly PolicyVerdict TooManyMails = Later("messages");
    private static readonly PolicyVerdict TooManyRecipients = Later("recipients");
    private static readonly PolicyVerdict TooManyRefused = Later("recipients that do not exist");

    private readonly Meters _address = new(options.Strictness.AddressRates, clock);
    private readonly Meters _network = new(options.Strictness.NetworkRates, clock);

    public string Name => "rates";

    public ValueTask<PolicyVerdict> AtConnectAsync(ClientFacts client, CancellationToken cancellationToken)
    {
        if (client.IsTrusted || client.Address is not { } address)
            return new(PolicyVerdict.Accepted);
        if (HarvestsAddresses(address))
            return new(TooManyRefused);
        return new(Take(_address.Connections, _network.Connections, address) ? PolicyVerdict.Accepted : TooManyConnections);
    }

    public ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken)
    {
        if (IsSpared(mail.Client, out var address))
            return new(PolicyVerdict.Accepted);
        if (HarvestsAddresses(address))
            return new(TooManyRefused);
        return new(Take(_address.Mails, _network.Mails, address) ? PolicyVerdict.Accepted : TooManyMails);
    }

    public ValueTask<PolicyVerdict> AtRecipientAsync(RecipientFacts recipient, CancellationToken cancellationToken) =>
        new(IsSpared(recipient.Client, out var address) || Take(_address.Recipients, _network.Recipients, address) ? PolicyVerdict.Accepted : TooManyRecipients);

    /// <summary>Counts a recipient that was refused for good.</summary>
    public void CountRefused(ClientFacts client)
    {
        if (!IsSpared(client, out var address))
            Take(_address.RefusedRecipients, _network.RefusedRecipients, address);
    }

    private static PolicyVerdict.Defer Later(string what) => new(StatusCodes.NotAuthorizedForNow, $"Too many {what} from your address in a minute; come back later");

    private static bool IsSpared(ClientFacts client, out IPAddress address)
    {
        address = client.Address ?? IPAddress.None;
        return client.IsTrusted || client.Account is not null;
    }

    private bool HarvestsAddresses(IPAddress address) =>
        _address.RefusedRecipients?.IsUsedUp(AddressRange.ClientOf(address)) == true || _network.RefusedRecipients?.IsUsedUp(AddressRange.NetworkOf(address)) == true;

    private static bool Take(RateMeter? ofAddress, RateMeter? ofNetwork, IPAddress address) =>
        ofAddress?.TryTake(AddressRange.ClientOf(address)) != false && ofNetwork?.TryTake(AddressRange.NetworkOf(address)) != false;

    private sealed class Meters(RateOptions rates, TimeProvider clock)
    {
        public RateMeter? Connections { get; } = Of(rates.Connections, clock);

        public RateMeter? Mails { get; } = Of(rates.Mails, clock);

        public RateMeter? Recipients { get; } = Of(rates.Recipients, clock);

        public RateMeter? RefusedRecipients { get; } = Of(rates.RefusedRecipients, clock);

        private static RateMeter? Of(int limit, TimeProvider clock) => limit == 0 ? null : new RateMeter(limit, clock);
    }
}
