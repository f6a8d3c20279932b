using MailSuite.Mta.Spool.Sqlite;

namespace MailSuite.Mta.Spool;

/// <summary>The list of addresses to which nothing is sent.</summary>
internal sealed partial class SpoolStore
{
    private readonly SuppressedAddresses _suppressed = new();

    public SuppressionListing Suppressions => new(_database);

    /// <summary>Why nothing is sent to an address; <see langword="null"/> where mail is.</summary>
    /// <param name="address">Asked for only when there is anything on the list.</param>
    public SuppressionEntry? FindSuppression(Func<string> address) => _suppressed.MayContain(address) ? Suppressions.Find(address()) : null;

    /// <exception cref="SpoolUnavailableException">It was not written.</exception>
    public async Task SuppressAsync(SuppressionEntry entry, CancellationToken cancellationToken)
    {
        await Writer.WriteAsync(commands => commands.Suppressions.Add(entry), cancellationToken);
        _suppressed.Add(entry.Address);
    }

    /// <returns>Whether it was on the list.</returns>
    /// <exception cref="SpoolUnavailableException">It was not written.</exception>
    public async Task<bool> UnsuppressAsync(string address, CancellationToken cancellationToken)
    {
        var removed = await Writer.WriteAsync(commands => commands.Suppressions.Remove(address), cancellationToken);
        _suppressed.Remove(address);
        return removed;
    }

    /// <returns>How many there were.</returns>
    /// <exception cref="SpoolUnavailableException">It was not written.</exception>
    public async Task<long> ClearSuppressionsAsync(CancellationToken cancellationToken)
    {
        var removed = await Writer.WriteAsync(commands => commands.Suppressions.Clear(), cancellationToken);
        _suppressed.Load([]);
        return removed;
    }
}
