using System.Collections.Immutable;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>Which mailboxes a command is about (RFC 5465 §6, filter-mailboxes; <see cref="MailboxFilterKind.SubtreeOne"/> RFC 7377 §2.2).</summary>
internal enum MailboxFilterKind
{
    Selected,
    SelectedDelayed,
    Inboxes,
    Personal,
    Subscribed,
    Subtree,

    /// <summary>The mailbox itself and those one level below it.</summary>
    SubtreeOne,
    Mailboxes,
}

/// <param name="Names">For the last three kinds; empty for the others.</param>
internal sealed record MailboxFilter(MailboxFilterKind Kind, ImmutableArray<string> Names)
{
    /// <summary>Mailboxes that one filter may name.</summary>
    private const int MaxNames = 1000;

    internal static bool TryRead(ref ImapParser parser, bool utf8, out MailboxFilter filter)
    {
        filter = new MailboxFilter(MailboxFilterKind.Selected, []);
        if (TryKind(ref parser, out var kind))
        {
            filter = new MailboxFilter(kind, []);
            return true;
        }

        if (parser.TryWord("subtree"u8))
            kind = MailboxFilterKind.Subtree;
        else if (parser.TryWord("subtree-one"u8))
            kind = MailboxFilterKind.SubtreeOne;
        else if (parser.TryWord("mailboxes"u8))
            kind = MailboxFilterKind.Mailboxes;
        else
            return false;

        if (!parser.TrySpace() || !TryNames(ref parser, utf8, out var names))
            return false;
        filter = new MailboxFilter(kind, names);
        return true;
    }

    private static bool TryKind(ref ImapParser parser, out MailboxFilterKind kind)
    {
        (kind, var isKnown) = parser.TryWord("selected"u8) ? (MailboxFilterKind.Selected, true)
            : parser.TryWord("selected-delayed"u8) ? (MailboxFilterKind.SelectedDelayed, true)
            : parser.TryWord("inboxes"u8) ? (MailboxFilterKind.Inboxes, true)
            : parser.TryWord("personal"u8) ? (MailboxFilterKind.Personal, true)
            : parser.TryWord("subscribed"u8) ? (MailboxFilterKind.Subscribed, true)
            : (default, false);
        return isKnown;
    }

    private static bool TryNames(ref ImapParser parser, bool utf8, out ImmutableArray<string> names)
    {
        var list = ImmutableArray.CreateBuilder<string>(1);
        names = [];
        if (!parser.TryOpen())
        {
            if (!parser.TryMailbox(utf8, out var one))
                return false;
            names = [one];
            return true;
        }

        do
        {
            if (list.Count == MaxNames || !parser.TryMailbox(utf8, out var name))
                return false;
            list.Add(name);
        }
        while (parser.TrySpace());

        names = list.DrainToImmutable();
        return parser.TryClose();
    }
}
