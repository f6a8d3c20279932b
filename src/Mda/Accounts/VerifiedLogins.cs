using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>Remembers for a short time that a password was right, since mail programs sign in again and again.</summary>
/// <remarks>
/// The key is a keyed hash over the account, the password and the stored hash: a changed password is another key at once, in this
/// process or another, and the memory of the process holds no password.
/// </remarks>
internal sealed class VerifiedLogins(TimeProvider clock)
{
    private const int MaxEntries = 10_000;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<UInt128, long> _verifiedAt = new();

    internal bool Contains(AccountId account, string password, string storedHash) =>
        _verifiedAt.TryGetValue(KeyOf(account, password, storedHash), out var at) && clock.GetElapsedTime(at) < Life;

    internal void Add(AccountId account, string password, string storedHash)
    {
        if (_verifiedAt.Count >= MaxEntries)
            _verifiedAt.Clear();
        _verifiedAt[KeyOf(account, password, storedHash)] = clock.GetTimestamp();
    }

    private UInt128 KeyOf(AccountId account, string password, string storedHash)
    {
        // The stored hash has no line end, so the parts cannot be shifted into one another.
        var hash = HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{account}\n{storedHash}\n{password}"));
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
