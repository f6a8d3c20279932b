using System.Net;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>What DNS lists say of strangers on the MX: asked when the client connects and when MAIL names a domain, awaited at RCPT.</summary>
/// <remarks>A list that does not answer in time lists nobody. Postmaster is not excepted: its mailbox is what spammers know of every host.</remarks>
internal sealed class DnsListPolicy(DnsListLookup lookup, MtaOptions options, TimeProvider clock) : IConnectPolicy, IMailPolicy, IRecipientPolicy
{
    private readonly bool _isOn = options.Strictness.DnsLists.Count > 0;

    public string Name => "DNS lists";

    public ValueTask<PolicyVerdict> AtConnectAsync(ClientFacts client, CancellationToken cancellationToken)
    {
        if (AddressOf(client) is { } address)
            _ = lookup.OfAddress(address);
        return new(PolicyVerdict.Accepted);
    }

    public ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken)
    {
        if (AddressOf(mail.Client) is not null && mail.ReversePath.Address is { Domain.Address: null } sender)
            _ = lookup.OfDomain(sender.Domain.Ascii);
        return new(PolicyVerdict.Accepted);
    }

    public ValueTask<PolicyVerdict> AtRecipientAsync(RecipientFacts recipient, CancellationToken cancellationToken)
    {
        if (AddressOf(recipient.Client) is not { } address)
            return new(PolicyVerdict.Accepted);

        var ofAddress = lookup.OfAddress(address);
        var ofDomain = recipient.ReversePath.Address is { Domain.Address: null } sender ? lookup.OfDomain(sender.Domain.Ascii) : DnsListLookup.Nowhere;
        return ofAddress.IsCompletedSuccessfully && ofDomain.IsCompletedSuccessfully
            ? new(Judge(ofAddress.Result, ofDomain.Result, recipient))
            : JudgeAsync(ofAddress, ofDomain, recipient, cancellationToken);
    }

    private async ValueTask<PolicyVerdict> JudgeAsync(Task<IReadOnlyList<DnsList>> ofAddress, Task<IReadOnlyList<DnsList>> ofDomain, RecipientFacts recipient, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Strictness.DnsListTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await Task.WhenAll((Task)ofAddress, ofDomain).WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Judge(ResultOf(ofAddress), ResultOf(ofDomain), recipient);
    }

    private static IReadOnlyList<DnsList> ResultOf(Task<IReadOnlyList<DnsList>> asked) => asked.IsCompletedSuccessfully ? asked.Result : [];

    private static PolicyVerdict Judge(IReadOnlyList<DnsList> ofAddress, IReadOnlyList<DnsList> ofDomain, RecipientFacts recipient)
    {
        if (ofAddress.Count == 0 && ofDomain.Count == 0)
            return PolicyVerdict.Accepted;

        if (Find(DnsListAction.Allow) is { } allowed)
            return new PolicyVerdict.Accept($"{allowed.What} is listed by {allowed.Zone}, which allows it");
        if (Find(DnsListAction.Refuse) is { } refused)
            return new PolicyVerdict.Refuse(StatusCodes.NotAuthorized, $"{refused.What} is listed by {refused.Zone}");
        if (Find(DnsListAction.Defer) is { } deferred)
            return new PolicyVerdict.Defer(StatusCodes.NotAuthorizedForNow, $"{deferred.What} is listed by {deferred.Zone}");
        var quarantined = Find(DnsListAction.Quarantine)!.Value;
        return new PolicyVerdict.Quarantine(StatusCodes.NotAuthorized, $"{quarantined.What} is listed by {quarantined.Zone}");

        (string What, string Zone)? Find(DnsListAction action) =>
            ofAddress.FirstOrDefault(list => list.Action == action) is { } first ? ($"Your address {recipient.Client.Address}", first.Zone)
            : ofDomain.FirstOrDefault(list => list.Action == action) is { } second ? ($"The domain {recipient.ReversePath.Address!.Domain}", second.Zone)
            : null;
    }

    /// <summary>The address to ask about; <see langword="null"/> for whom no list is asked.</summary>
    private IPAddress? AddressOf(ClientFacts client) => _isOn && client is { IsTrusted: false, Role: SmtpRole.Mx, Account: null } ? client.Address : null;
}
