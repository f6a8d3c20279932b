using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>The domains whose mailboxes are here.</summary>
internal sealed class LocalDomains
{
    private readonly HashSet<Domain> _domains;
    private readonly bool _all;

    public LocalDomains(MdaOptions options)
    {
        _domains = [.. options.Domains];
        _all = options.EveryoneIsLocal;
        First = options.Domains.Count > 0 ? options.Domains[0]
            : Domain.TryParse(options.HostName, out var host) ? host
            : Domain.Parse("localhost");
        // A server without domains still has its own name, and the postmaster there.
        _domains.Add(First);
    }

    /// <summary>The postmaster's; the host's own name where no domain is configured.</summary>
    internal Domain First { get; }

    internal bool Contains(Domain domain) => _all || _domains.Contains(domain);

    public override string ToString() => string.Join(", ", _domains);
}
