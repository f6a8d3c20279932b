using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>The domains whose mailboxes are here.</summary>
internal sealed class LocalDomains
{
    private readonly HashSet<Domain> _domains;
    private readonly IReadOnlyDictionary<Domain, Domain> _aliases;
    private readonly bool _all;

    public LocalDomains(MdaOptions options)
    {
        _domains = [.. options.Domains];
        _aliases = options.DomainAliases;
        _all = options.EveryoneIsLocal;
        First = options.Domains.Count > 0 ? options.Domains[0]
            : Domain.TryParse(options.HostName, out var host) ? host
            : Domain.Parse("localhost");
        // A server without domains still has its own name, and the postmaster there.
        _domains.Add(First);
    }

    /// <summary>The postmaster's; the host's own name where no domain is configured.</summary>
    internal Domain First { get; }

    internal bool Contains(Domain domain) => _all || _domains.Contains(domain) || _aliases.ContainsKey(domain);

    /// <summary>The domain that this one is another name of; <see langword="null"/> when it is none.</summary>
    internal Domain? AliasOf(Domain domain) => _aliases.GetValueOrDefault(domain);

    /// <summary>The address under the domain that its mailboxes are kept under.</summary>
    internal EnvelopeAddress Keep(EnvelopeAddress address) =>
        AliasOf(address.Domain) is { } kept && EnvelopeAddress.TryCreate(address.LocalPart, kept, out var same) ? same : address;

    public override string ToString() => string.Join(", ", _domains);
}
