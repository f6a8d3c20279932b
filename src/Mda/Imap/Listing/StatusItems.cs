using System.Collections.Immutable;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Listing;

internal enum StatusItem
{
    Messages,
    UidNext,
    UidValidity,
    Unseen,
    Deleted,
    Size,
    HighestModSeq,
    MailboxId,
    AppendLimit,
    DeletedStorage,

    /// <summary>RFC 3501 §6.3.10: always 0, for nothing is recent here.</summary>
    Recent,
}

/// <summary>What STATUS asks for, in the order of the question (RFC 9051 §6.3.11).</summary>
internal readonly record struct StatusItems(ImmutableArray<StatusItem> Items)
{
    private const int MaxItems = 32;

    public bool Contains(StatusItem item) => Items.Contains(item);

    /// <summary>Reads the items with their parentheses.</summary>
    public static bool TryParse(ref ImapParser parser, out StatusItems items)
    {
        items = default;
        if (!parser.TryOpen())
            return false;

        var list = ImmutableArray.CreateBuilder<StatusItem>();
        do
        {
            if (!parser.TryAtom(out var name) || Find(name) is not { } item || list.Count >= MaxItems)
                return false;
            list.Add(item);
        }
        while (parser.TrySpace());

        items = new StatusItems(list.DrainToImmutable());
        return parser.TryClose();
    }

    /// <param name="deletedOctets">Octets of messages with \Deleted; asked only where <see cref="StatusItem.DeletedStorage"/> is.</param>
    public void Write(ImapWriter writer, ListedMailbox mailbox, long deletedOctets, ImapOptions options)
    {
        var counters = mailbox.Counters;
        writer.Raw("* STATUS "u8).Mailbox(mailbox.Handle.Name).Space().Open();
        for (var i = 0; i < Items.Length; i++)
        {
            if (i > 0)
                writer.Space();
            _ = Items[i] switch
            {
                StatusItem.Messages => writer.Raw("MESSAGES "u8).Number(counters.Messages),
                StatusItem.UidNext => writer.Raw("UIDNEXT "u8).Number(counters.UidNext.Value),
                StatusItem.UidValidity => writer.Raw("UIDVALIDITY "u8).Number(mailbox.Handle.UidValidity.Value),
                StatusItem.Unseen => writer.Raw("UNSEEN "u8).Number(counters.Unseen),
                StatusItem.Deleted => writer.Raw("DELETED "u8).Number(counters.Deleted),
                StatusItem.Size => writer.Raw("SIZE "u8).Number(counters.Octets),
                StatusItem.HighestModSeq => writer.Raw("HIGHESTMODSEQ "u8).Number(counters.HighestModSeq.Value),
                StatusItem.MailboxId => writer.Raw("MAILBOXID (F"u8).Number(mailbox.Handle.Id.Value).Close(),
                StatusItem.AppendLimit => writer.Raw("APPENDLIMIT "u8).Number(options.MaxMessageOctets),
                StatusItem.DeletedStorage => writer.Raw("DELETED-STORAGE "u8).Number(deletedOctets),
                _ => writer.Raw("RECENT 0"u8),
            };
        }

        writer.Close().Crlf();
    }

    private static StatusItem? Find(ReadOnlySpan<byte> name)
    {
        Span<byte> upper = stackalloc byte[16];
        if (name.Length > upper.Length)
            return null;
        System.Text.Ascii.ToUpper(name, upper, out var length);
        return upper[..length] switch
        {
            var n when n.SequenceEqual("MESSAGES"u8) => StatusItem.Messages,
            var n when n.SequenceEqual("UIDNEXT"u8) => StatusItem.UidNext,
            var n when n.SequenceEqual("UIDVALIDITY"u8) => StatusItem.UidValidity,
            var n when n.SequenceEqual("UNSEEN"u8) => StatusItem.Unseen,
            var n when n.SequenceEqual("DELETED"u8) => StatusItem.Deleted,
            var n when n.SequenceEqual("SIZE"u8) => StatusItem.Size,
            var n when n.SequenceEqual("HIGHESTMODSEQ"u8) => StatusItem.HighestModSeq,
            var n when n.SequenceEqual("MAILBOXID"u8) => StatusItem.MailboxId,
            var n when n.SequenceEqual("APPENDLIMIT"u8) => StatusItem.AppendLimit,
            var n when n.SequenceEqual("DELETED-STORAGE"u8) => StatusItem.DeletedStorage,
            var n when n.SequenceEqual("RECENT"u8) => StatusItem.Recent,
            _ => null,
        };
    }
}
