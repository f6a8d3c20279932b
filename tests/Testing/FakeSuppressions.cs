using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Testing;

/// <summary>A list of suppressed addresses in memory.</summary>
public sealed class FakeSuppressions : ISuppressions
{
    private readonly SortedDictionary<string, Suppression> _list = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Addresses => _list.Keys;

    public void Put(Suppression suppression) => _list[suppression.Address] = suppression;

    public ValueTask<IReadOnlyList<Suppression>> ListAsync(string? text, string? after, int limit, CancellationToken cancellationToken) => new(
        [.. _list.Values.Where(one => text is null || one.Address.Contains(text, StringComparison.OrdinalIgnoreCase)).Where(one => after is null || string.CompareOrdinal(one.Address, after) > 0).Take(limit)]);

    public ValueTask AddAsync(EnvelopeAddress address, string reason, CancellationToken cancellationToken)
    {
        Put(new Suppression(address.ToString(), new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero), null, null, reason, null, null, null, null, IsManual: true));
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> RemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken) => new(_list.Remove(address.ToString()));

    public ValueTask<long> ClearAsync(CancellationToken cancellationToken)
    {
        var count = _list.Count;
        _list.Clear();
        return new(count);
    }
}
