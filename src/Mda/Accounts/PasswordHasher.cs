using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mda.Accounts;

/// <summary>Computes hashes, two at once: each takes 19 MiB and a processor, and a flood of sign-ins must not take them all.</summary>
internal sealed class PasswordHasher : IDisposable
{
    private const int MaxConcurrent = 2;

    /// <summary>Sign-ins that may wait, about 5 s of work; those beyond it are told to come again.</summary>
    private const int MaxWaiting = 100;

    /// <summary>Checked for names that are not there, so that they take as long as those that are.</summary>
    private static readonly Lazy<Argon2idHash> Decoy = new(() => Argon2idHash.Of(Guid.NewGuid().ToString()));

    private readonly SemaphoreSlim _free = new(MaxConcurrent);
    private int _verifying;

    public void Dispose() => _free.Dispose();

    internal Task<Argon2idHash> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => Argon2idHash.Of(password), cancellationToken);

    /// <summary>Makes all that is kept of a new password.</summary>
    internal Task<StoredPassword> StoreAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => new StoredPassword(Argon2idHash.Of(password).ToString(), ScramOf(password)), cancellationToken);

    /// <summary>Makes the keys of SCRAM for a password that was found right.</summary>
    internal Task<string> DeriveScramAsync(string password, CancellationToken cancellationToken) => RunAsync(() => ScramOf(password), cancellationToken);

    /// <param name="hash">What is stored; <see langword="null"/> costs the same and is never right.</param>
    /// <exception cref="HasherBusyException">Too many wait already.</exception>
    internal async Task<bool> VerifyAsync(Argon2idHash? hash, string password, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _verifying) > MaxConcurrent + MaxWaiting)
                throw new HasherBusyException();
            return await RunAsync(() => (hash ?? Decoy.Value).Matches(password) && hash is not null, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _verifying);
        }
    }

    private static string ScramOf(string password) => ScramKeys.TryDerive(password, out var keys) ? keys.ToStoredText() : "";

    private async Task<T> RunAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(compute, cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }
}

/// <summary>More sign-ins wait than the machine can check soon.</summary>
internal sealed class HasherBusyException() : Exception("Too many people sign in at the moment.");
