using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>The aliases of the configuration; the local-part <c>*</c> stands for every address of its domain that is nothing else.</summary>
internal sealed class AliasTable
{
    /// <summary>Aliases that lead to one another; beyond it the chain is taken for a loop.</summary>
    internal const int MaxChain = 10;

    private readonly Dictionary<string, IReadOnlyList<EnvelopeAddress>> _targets = new(StringComparer.Ordinal);

    public AliasTable(MdaOptions options)
    {
        foreach (var (address, targets) in options.Aliases)
            _targets[AddressKey.Of(address)] = targets;
        Addresses = [.. options.Aliases.Keys];
    }

    /// <summary>All aliases as they were written.</summary>
    internal IReadOnlyList<EnvelopeAddress> Addresses { get; }

    /// <summary>What stands for the address; <see langword="null"/> when it is no alias.</summary>
    internal IReadOnlyList<EnvelopeAddress>? Find(string addressKey) => _targets.GetValueOrDefault(addressKey);

    internal IReadOnlyList<EnvelopeAddress>? FindCatchAll(Domain domain) => _targets.GetValueOrDefault(AddressKey.Of("*", domain));
}
