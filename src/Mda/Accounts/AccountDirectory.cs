using System.Collections.Concurrent;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Model;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mda.Accounts;

/// <summary>Finds accounts by address, from memory where it can.</summary>
/// <remarks>
/// Only what is there is remembered: an account that another process makes is seen at once. One that is removed is seen within
/// <see cref="MaxAge"/>, and until then the transaction of a delivery finds it gone.
/// </remarks>
internal sealed class AccountDirectory(MailStore store, TimeProvider clock)
{
    private const int MaxEntries = 50_000;

    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, AccountEntry> _entries = new(StringComparer.Ordinal);
    private long _version = -1;
    private long _checkedAt;

    internal ValueTask<AccountEntry?> FindAsync(EnvelopeAddress address, CancellationToken cancellationToken) => FindAsync(AddressKey.Of(address), cancellationToken);

    internal async ValueTask<AccountEntry?> FindAsync(string addressKey, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _version) < 0 || clock.GetElapsedTime(Volatile.Read(ref _checkedAt)) > MaxAge)
            await CheckVersionAsync(cancellationToken);

        if (_entries.TryGetValue(addressKey, out var known))
            return known;

        var found = await store.ReadAsync(addressKey, AccountStatements.Find, cancellationToken);
        if (found is not null)
        {
            if (_entries.Count >= MaxEntries)
                _entries.Clear();
            _entries[addressKey] = found;
        }

        return found;
    }

    /// <summary>Finds the account, or makes one that nobody can sign in to with a password.</summary>
    internal async ValueTask<AccountEntry> FindOrAddAsync(EnvelopeAddress address, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(address, cancellationToken) is { } found)
                return found;

            var now = clock.GetUtcNow();
            if (await store.WriteAsync(turn => AccountStatements.Add(turn, address, null, null, now), takesSpace: true, cancellationToken) is { } added)
                return added;
        }
    }

    /// <summary>Forgets everything: somebody found that an account is not what is remembered.</summary>
    internal void Forget() => _entries.Clear();

    private async ValueTask CheckVersionAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetTimestamp();
        var version = await store.ReadAsync(StoreStateRow.DirectoryVersion, AccountStatements.State, cancellationToken);
        if (Interlocked.Exchange(ref _version, version) != version)
            _entries.Clear();
        Volatile.Write(ref _checkedAt, now);
    }
}
