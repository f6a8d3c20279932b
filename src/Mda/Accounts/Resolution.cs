using MailSuite.Shared.Addressing;

namespace MailSuite.Mda.Accounts;

/// <summary>Which accounts stand behind a recipient's address.</summary>
/// <param name="Kind">Whether there are any.</param>
/// <param name="Accounts">Each once.</param>
/// <param name="Via">How they were found, for people; <see langword="null"/> when the address is an account's own.</param>
internal sealed record Resolution(EnvelopeAddress Recipient, ResolutionKind Kind, IReadOnlyList<AccountEntry> Accounts, string? Via)
{
    /// <summary>Addresses of other hosts that an alias leads to.</summary>
    internal IReadOnlyList<EnvelopeAddress> Elsewhere { get; init; } = [];

    /// <summary>Whether there are mailboxes here, or will be with the first mail.</summary>
    internal bool IsHere { get; init; }
}

internal enum ResolutionKind
{
    Found,
    NotLocal,
    NoSuchMailbox,

    /// <summary>An alias leads to no account: our mistake, which its author will mend.</summary>
    DeadAlias,
}
