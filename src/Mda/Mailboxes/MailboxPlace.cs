using System.Diagnostics.CodeAnalysis;
using MailSuite.Mda.Accounts;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mda.Mailboxes;

/// <summary>Whose mailbox a name means: one's own, or one below <c>Other Users/ADDRESS/</c> (RFC 2342 §5).</summary>
/// <param name="OwnerKey">The folded address of the owner; <see langword="null"/> for the person's own.</param>
/// <param name="Name">The name as its owner sees it.</param>
internal readonly record struct MailboxPlace(string? OwnerKey, MailboxName Name)
{
    /// <summary>The level above all mailboxes of others.</summary>
    internal const string OtherUsers = "Other Users";

    internal const string OtherUsersPrefix = OtherUsers + "/";

    /// <param name="reason">Why no mailbox can have this name: a sentence.</param>
    internal static bool TryParse(string text, out MailboxPlace place, [NotNullWhen(false)] out string? reason)
    {
        place = default;
        if (!IsBelowOtherUsers(text))
        {
            if (!MailboxName.TryParse(text, out var own, out reason))
                return false;
            place = new MailboxPlace(null, own);
            return true;
        }

        if (!TrySplit(text, out var address, out var rest))
        {
            reason = $"Below {OtherUsers} there are mailboxes of other people only: {OtherUsersPrefix}ADDRESS/NAME.";
            return false;
        }

        if (!MailboxName.TryParse(rest, out var name, out reason))
            return false;
        place = new MailboxPlace(AddressKey.Of(address), name);
        return true;
    }

    /// <summary>The name under which others see a mailbox.</summary>
    internal static string Shown(string owner, string name) => $"{OtherUsersPrefix}{owner}/{name}";

    internal static bool IsBelowOtherUsers(string text) =>
        text.StartsWith(OtherUsers, StringComparison.Ordinal) && (text.Length == OtherUsers.Length || text[OtherUsers.Length] == MailboxName.Separator);

    /// <summary>A local-part may contain the separator (RFC 5321 §4.1.2), so the address ends with the first level that has an @.</summary>
    private static bool TrySplit(string text, [NotNullWhen(true)] out EnvelopeAddress? address, out string rest)
    {
        address = null;
        rest = string.Empty;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var end = at < 0 ? -1 : text.IndexOf(MailboxName.Separator, at);
        if (end < OtherUsersPrefix.Length)
            return false;

        rest = text[(end + 1)..];
        return EnvelopeAddress.TryParse(text.AsSpan(OtherUsersPrefix.Length, end - OtherUsersPrefix.Length), out address);
    }
}
