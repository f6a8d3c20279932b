using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mua.Web;

/// <summary>Mailboxes as the pages call and draw them.</summary>
internal static class MailboxNames
{
    /// <summary>How long a page waits after a notice before it reads again: a thousand deliveries are some readings, not a thousand.</summary>
    internal static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(150);

    internal static string Shown(Mailbox mailbox) => mailbox.Use == SpecialUse.Inbox ? "Inbox" : mailbox.Name;

    internal static string Icon(SpecialUse use) => use switch
    {
        SpecialUse.Inbox => "inbox",
        SpecialUse.Drafts => "drafts",
        SpecialUse.Sent => "sent",
        SpecialUse.Archive => "archive",
        SpecialUse.Junk => "junk",
        SpecialUse.Trash => "trash",
        _ => "folder",
    };
}
