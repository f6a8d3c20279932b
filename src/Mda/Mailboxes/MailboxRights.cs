using System.Text;

namespace MailSuite.Mda.Mailboxes;

/// <summary>What somebody may do with a mailbox (RFC 4314 §2.1). Kept on disk by its letters.</summary>
[Flags]
internal enum MailboxRights
{
    None = 0,

    /// <summary>l: it appears in LIST.</summary>
    Lookup = 1 << 0,

    /// <summary>r: SELECT, STATUS, FETCH, SEARCH, COPY from it.</summary>
    Read = 1 << 1,

    /// <summary>s: set and clear \Seen.</summary>
    KeepSeen = 1 << 2,

    /// <summary>w: set and clear flags other than \Seen and \Deleted.</summary>
    Write = 1 << 3,

    /// <summary>i: APPEND and COPY into it.</summary>
    Insert = 1 << 4,

    /// <summary>p: post to it; kept and told, of no effect here.</summary>
    Post = 1 << 5,

    /// <summary>k: CREATE below it, RENAME to below it.</summary>
    Create = 1 << 6,

    /// <summary>x: DELETE it, RENAME it.</summary>
    DeleteMailbox = 1 << 7,

    /// <summary>t: set and clear \Deleted.</summary>
    DeleteMessages = 1 << 8,

    /// <summary>e: EXPUNGE.</summary>
    Expunge = 1 << 9,

    /// <summary>a: see and change who has which rights.</summary>
    Administer = 1 << 10,

    All = (1 << 11) - 1,
}

/// <summary>The letters of rights.</summary>
internal static class RightsLetters
{
    private const string Letters = "lrswipkxtea";

    /// <summary>The rights that RFC 2086 had as one, as this server groups them (RFC 4314 §2.1.1).</summary>
    private const MailboxRights OldCreate = MailboxRights.Create | MailboxRights.DeleteMailbox;

    private const MailboxRights OldDelete = MailboxRights.DeleteMessages | MailboxRights.Expunge;

    /// <summary>Reads letters in any order, old ones too.</summary>
    /// <returns><see langword="null"/> when one is unknown, which is BAD (RFC 4314 §3.1).</returns>
    internal static MailboxRights? Parse(ReadOnlySpan<byte> letters)
    {
        var rights = MailboxRights.None;
        foreach (var letter in letters)
        {
            if (letter == 'c')
                rights |= OldCreate;
            else if (letter == 'd')
                rights |= OldDelete;
            else if (Letters.IndexOf((char)letter, StringComparison.Ordinal) is var at and >= 0)
                rights |= (MailboxRights)(1 << at);
            else
                return null;
        }

        return rights;
    }

    /// <summary>As they are kept.</summary>
    internal static MailboxRights Read(string stored) => Parse(Encoding.ASCII.GetBytes(stored)) ?? MailboxRights.None;

    /// <summary>Without the old letters.</summary>
    internal static string Format(MailboxRights rights)
    {
        var text = new StringBuilder(Letters.Length);
        for (var i = 0; i < Letters.Length; i++)
        {
            if (rights.HasFlag((MailboxRights)(1 << i)))
                text.Append(Letters[i]);
        }

        return text.ToString();
    }

    /// <summary>As ACL and MYRIGHTS tell them: an old letter stands with any right of its group (RFC 4314 §2.1.1).</summary>
    internal static string FormatForWire(MailboxRights rights) =>
        Format(rights) + ((rights & OldCreate) != MailboxRights.None ? "c" : string.Empty) + ((rights & OldDelete) != MailboxRights.None ? "d" : string.Empty);
}
