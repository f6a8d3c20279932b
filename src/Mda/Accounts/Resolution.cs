using MailSuite.Shared.Addressing;

namespace MailSuite.Mda.Accounts;

/// <summary>Which accounts stand behind a recipient's address.</summary>
/// <param name="Kind">Whether there are any.</param>
/// <param name="Accounts">Each once.</param>
/// <param name="Via">How they were found, for people; <see langword="null"/> when the address is an account's own.</param>
internal sealed record Resolution(EnvelopeAddress Recipient, ResolutionKind Kind, IReadOnlyList<AccountEntry> Accounts, string? Via);

internal enum ResolutionKind
{
    Found,
    NotLocal,
    NoSuchMailbox,

    /// <summary>An alias leads to no account: our mistake, which its author will mend.</summary>
    DeadAlias,
}
