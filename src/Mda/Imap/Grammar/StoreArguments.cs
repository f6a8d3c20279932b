using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>What follows the set of a STORE (RFC 9051 §6.4.6, RFC 7162 §3.1.3).</summary>
/// <param name="Sign"><c>+</c> adds, <c>-</c> removes, NUL replaces the flags.</param>
/// <param name="UnchangedSince">Messages with a higher ModSeq are left as they are.</param>
internal sealed record StoreArguments(char Sign, bool IsSilent, MessageFlags Flags, IReadOnlyList<string> Keywords, long? UnchangedSince)
{
    internal static readonly StoreArguments None = new('\0', false, default, [], null);
}
