using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Testing;

/// <summary>The list of addresses to which nothing is sent, in memory.</summary>
public sealed class FakeSuppressions : ISuppressions
{
    public SortedDictionary<string, string> Reasons { get; } = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<Suppression>> ListAsync(string? text, string? after, int limit, CancellationToken cancellationToken) =>
        new([.. Reasons.Where(pair => string.CompareOrdinal(pair.Key, after ?? "") > 0 && pair.Key.Contains(text ?? "", StringComparison.Ordinal)).Take(limit)
            .Select(pair => new Suppression(pair.Key, DateTimeOffset.UnixEpoch, null, null, pair.Value, null, null, null, null, IsManual: true))]);

    public ValueTask AddAsync(EnvelopeAddress address, string reason, CancellationToken cancellationToken)
    {
        Reasons[address.ToString()] = reason;
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> RemoveAsync(EnvelopeAddress address, CancellationToken cancellationToken) => new(Reasons.Remove(address.ToString()));

    public ValueTask<long> ClearAsync(CancellationToken cancellationToken)
    {
        long count = Reasons.Count;
        Reasons.Clear();
        return new(count);
    }
}
