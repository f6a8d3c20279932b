using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>The aliases of the configuration, and the addresses that have moved; the local-part <c>*</c> stands for every address of its domain that is nothing else.</summary>
internal sealed class AliasTable
{
    private readonly Dictionary<string, IReadOnlyList<EnvelopeAddress>> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EnvelopeAddress> _moved = new(StringComparer.Ordinal);

    public AliasTable(MdaOptions options)
    {
        foreach (var (address, targets) in options.Aliases)
            _targets[AddressKey.Of(address)] = targets;
        foreach (var (address, newAddress) in options.Moved)
            _moved[AddressKey.Of(address)] = newAddress;
        Addresses = [.. options.Aliases.Keys];
    }

    /// <summary>All aliases as they were written.</summary>
    internal IReadOnlyList<EnvelopeAddress> Addresses { get; }

    /// <summary>What stands for the address; <see langword="null"/> when it is no alias.</summary>
    internal IReadOnlyList<EnvelopeAddress>? Find(string addressKey) => _targets.GetValueOrDefault(addressKey);

    /// <summary>Where the address is now; <see langword="null"/> when it has not moved.</summary>
    internal EnvelopeAddress? FindMoved(EnvelopeAddress address) => _moved.Count == 0 ? null : _moved.GetValueOrDefault(AddressKey.Of(address));

    internal IReadOnlyList<EnvelopeAddress>? FindCatchAll(Domain domain) => _targets.GetValueOrDefault(AddressKey.Of("*", domain));
}
