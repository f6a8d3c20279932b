using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Listing;

/// <summary>A name that LIST may tell: of a mailbox, of a level above one, or of one that is only subscribed.</summary>
internal sealed class ListedName(string name)
{
    public string Name => name;

    /// <summary><see langword="null"/> for a name that no mailbox has (\NonExistent).</summary>
    public ListedMailbox? Mailbox { get; init; }

    public bool HasChildren { get; set; }

    public bool IsSubscribed { get; set; }

    /// <summary>The attribute of special use; those of others' mailboxes are not this person's.</summary>
    public string? SpecialUse { get; init; }
}

/// <summary>All names that a person's LIST can have, INBOX first, then by name: made of one reading of the store.</summary>
internal sealed class NamespaceTree
{
    private readonly Dictionary<string, ListedName> _names;

    public NamespaceTree(MailboxListing listing, AccountId who)
    {
        _names = new Dictionary<string, ListedName>(listing.Mailboxes.Count + 16, StringComparer.Ordinal);
        foreach (var mailbox in listing.Mailboxes)
        {
            _names[mailbox.Handle.Name] = new ListedName(mailbox.Handle.Name)
            {
                Mailbox = mailbox,
                SpecialUse = mailbox.Handle.Owner == who ? SpecialUses.Attribute(mailbox.Handle.Use) : null,
            };
        }

        foreach (var mailbox in listing.Mailboxes)
        {
            foreach (var superior in Superiors(mailbox.Handle.Name))
            {
                // Whoever has said so for one child has said it for all levels above.
                if (superior.HasChildren)
                    break;
                superior.HasChildren = true;
            }
        }

        foreach (var name in listing.Subscribed)
            Get(name).IsSubscribed = true;
        Names = [.. _names.Values];
        Array.Sort(Names, static (a, b) => Order(a.Name, b.Name));
    }

    public ListedName[] Names { get; }

    /// <summary>The names that have selected ones somewhere below them (RFC 5258 §3.5).</summary>
    /// <returns>With each whether one of these is not told by itself.</returns>
    public Dictionary<ListedName, bool> Above(Func<ListedName, bool> selects, Func<ListedName, bool> isTold)
    {
        var above = new Dictionary<ListedName, bool>();
        foreach (var name in Names.Where(selects))
        {
            var told = isTold(name);
            foreach (var superior in Superiors(name.Name))
                above[superior] = above.GetValueOrDefault(superior) || !told;
        }

        return above;
    }

    /// <summary>The levels above a name, from the nearest.</summary>
    private IEnumerable<ListedName> Superiors(string name)
    {
        while (MailboxName.SuperiorOf(name) is { } superior)
        {
            yield return Get(superior);
            name = superior;
        }
    }

    /// <summary>The name, made with all levels above it when no mailbox has it.</summary>
    private ListedName Get(string name)
    {
        if (_names.TryGetValue(name, out var listed))
            return listed;

        _names.Add(name, listed = new ListedName(name));
        if (MailboxName.SuperiorOf(name) is { } superior)
            Get(superior);
        return listed;
    }

    private static int Order(string a, string b)
    {
        var inbox = (b == MailboxName.Inbox).CompareTo(a == MailboxName.Inbox);
        return inbox != 0 ? inbox : string.CompareOrdinal(a, b);
    }
}
