namespace MailSuite.Mta.Spool;

/// <summary>The addresses to which nothing is sent, in memory, so that asking costs no query. So many at most; beyond it every address may be one.</summary>
internal sealed class SuppressedAddresses
{
    /// <summary>Addresses in memory, about 10 MiB.</summary>
    public const int MaxAddresses = 100_000;

    private readonly Lock _lock = new();
    private HashSet<string> _addresses = new(StringComparer.Ordinal);
    private bool _overflows;

    /// <summary>Whether an address may be one of them; the disk knows it for certain.</summary>
    /// <param name="address">Asked for only when there is any.</param>
    public bool MayContain(Func<string> address)
    {
        lock (_lock)
            return _overflows || (_addresses.Count > 0 && _addresses.Contains(address()));
    }

    /// <summary>Begins with those on disk, of which one more than there is room for is enough.</summary>
    public void Load(IEnumerable<string> addresses)
    {
        lock (_lock)
        {
            _addresses = new HashSet<string>(addresses, StringComparer.Ordinal);
            _overflows = _addresses.Count > MaxAddresses;
        }
    }

    public void Add(string address)
    {
        lock (_lock)
        {
            if (_addresses.Count < MaxAddresses)
                _addresses.Add(address);
            else
                _overflows |= !_addresses.Contains(address);
        }
    }

    public void Remove(string address)
    {
        lock (_lock)
            _addresses.Remove(address);
    }
}
