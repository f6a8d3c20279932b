using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Mailboxes;

/// <summary>The attributes of special use on the wire (RFC 6154 §2, RFC 8457 §3).</summary>
internal static class SpecialUses
{
    private static readonly (string Attribute, SpecialUse Use)[] Known =
    [
        ("\\Drafts", SpecialUse.Drafts), ("\\Sent", SpecialUse.Sent), ("\\Archive", SpecialUse.Archive), ("\\Junk", SpecialUse.Junk),
        ("\\Trash", SpecialUse.Trash), ("\\Important", SpecialUse.Important), ("\\All", SpecialUse.All), ("\\Flagged", SpecialUse.Flagged),
    ];

    internal static string? Attribute(SpecialUse use) => Array.Find(Known, known => known.Use == use).Attribute;

    internal static SpecialUse? Find(string attribute)
    {
        var found = Array.Find(Known, known => known.Attribute.Equals(attribute, StringComparison.OrdinalIgnoreCase));
        return found.Attribute is null ? null : found.Use;
    }

    /// <summary>Whether a mailbox that holds messages of its own can have it: \All and \Flagged are views of others, and INBOX is one already.</summary>
    internal static bool CanBeGiven(SpecialUse use) => use is not (SpecialUse.All or SpecialUse.Flagged or SpecialUse.Inbox);
}
