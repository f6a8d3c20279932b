using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Policy;

/// <summary>Who may ask for the mail of the domains that wait here for their host.</summary>
internal sealed class TurnPolicy(MtaOptions options)
{
    /// <summary>Whether there are such domains at all, and the role is not that of an MTA or a program beside us, which has no mail to ask for.</summary>
    public bool IsOfferedIn(SmtpRole role) => options.TurnDomains.Count > 0 && role is not (SmtpRole.Lmtp or SmtpRole.Local);

    /// <summary>Whether who authenticates may gain a right by it.</summary>
    public bool HasAccounts => options.TurnDomains.Values.Any(domain => domain.Accounts.Count > 0);

    /// <summary>The domains whose mail an account may fetch over its own session.</summary>
    public IReadOnlyList<Domain> DomainsOf(Account account) => [.. options.TurnDomains.Where(pair => pair.Value.Accounts.Contains(account.Address)).Select(pair => pair.Key)];

    /// <summary>The domains whose mail a client may have sent to their MX.</summary>
    public IReadOnlyList<Domain> DomainsOf(IPAddress? client, Account? account) =>
    [
        .. from pair in options.TurnDomains
           where (account is not null && pair.Value.Accounts.Contains(account.Address)) || (client is not null && pair.Value.Networks.Any(network => network.Contains(client)))
           select pair.Key,
    ];
}
