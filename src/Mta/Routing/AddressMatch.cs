using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Routing;

/// <summary>Whether an address is among some patterns; a look-up or two, however many there are.</summary>
internal sealed class AddressMatch
{
    private readonly HashSet<string> _domains = new(StringComparer.Ordinal);
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly bool _any;
    private readonly bool _nullPath;

    /// <param name="patterns">None means any.</param>
    public AddressMatch(IReadOnlyList<AddressPattern> patterns)
    {
        _any = patterns.Count == 0;
        foreach (var pattern in patterns)
        {
            _ = pattern.Kind switch
            {
                AddressPatternKind.Any => _any = true,
                AddressPatternKind.NullPath => _nullPath = true,
                AddressPatternKind.Domain => _domains.Add(pattern.Text),
                AddressPatternKind.SubDomains => _parents.Add(pattern.Text),
                AddressPatternKind.Address => _addresses.Add(pattern.Text),
                _ => throw new InvalidOperationException($"There is no kind {pattern.Kind}."),
            };
        }

        if (_any)
            _addresses.Clear();
    }

    public bool Has(ReversePath path) => _any || (path.Address is { } address ? Has(address.Domain, address) : _nullPath);

    /// <param name="domain">The destination, which a source route may have made another than the address's own.</param>
    /// <param name="address"><see langword="null"/> where only the domain counts.</param>
    public bool Has(Domain domain, EnvelopeAddress? address) =>
        _any || _domains.Contains(domain.Ascii) || IsBelow(domain) || (address is not null && _addresses.Count > 0 && _addresses.Contains(AddressPattern.KeyOf(address)));

    private bool IsBelow(Domain domain)
    {
        if (_parents.Count == 0 || domain.IsAddressLiteral)
            return false;

        var parents = _parents.GetAlternateLookup<ReadOnlySpan<char>>();
        var rest = domain.Ascii.AsSpan();
        for (var dot = rest.IndexOf('.'); dot >= 0; dot = rest.IndexOf('.'))
        {
            rest = rest[(dot + 1)..];
            if (parents.Contains(rest))
                return true;
        }

        return false;
    }
}
