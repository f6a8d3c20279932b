using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>Looks after the message store as a whole: the command line calls it, beside a running program or without one.</summary>
public interface IStoreMaintenance
{
    /// <summary>Checks everything in the store against everything, as of one instant.</summary>
    /// <param name="repair">
    /// Repairs in one transaction what can be repaired without losing an octet. No other program may have the store open then, since what it holds in
    /// memory would be wrong.
    /// </param>
    Task<StoreVerification> VerifyAsync(bool repair, CancellationToken cancellationToken);

    /// <summary>Derives envelope, structure, header fields and preview of messages anew from their octets, in short transactions that mail passes between.</summary>
    /// <param name="account">Whose messages; <see langword="null"/> for all.</param>
    /// <param name="progress">Told now and then.</param>
    Task<StoreRebuilding> RebuildAsync(EnvelopeAddress? account, IProgress<RebuildProgress> progress, CancellationToken cancellationToken);
}

public abstract record StoreVerification
{
    private StoreVerification()
    {
    }

    /// <param name="Problems">What was wrong, repaired or not.</param>
    public sealed record Done(StoreSize Size, IReadOnlyList<StoreProblem> Problems) : StoreVerification;

    /// <summary>The store could not be checked, or not be repaired now.</summary>
    /// <param name="IsTemporary">Whether the same call may work later.</param>
    public sealed record Refused(string Reason, bool IsTemporary) : StoreVerification;
}

/// <param name="Text">A sentence that names what is wrong, and where.</param>
public sealed record StoreProblem(string Text, bool IsRepaired);

public sealed record StoreSize(long Accounts, long Mailboxes, long Messages, long Bodies, long Files);

public abstract record StoreRebuilding
{
    private StoreRebuilding()
    {
    }

    /// <param name="Unreadable">Messages whose octets could not be read; what was derived of them is as it was.</param>
    public sealed record Done(long Messages, long Unreadable) : StoreRebuilding;

    public sealed record Refused(string Reason, bool IsTemporary) : StoreRebuilding;
}

/// <param name="All">Messages at the beginning.</param>
public readonly record struct RebuildProgress(long Done, long All);
