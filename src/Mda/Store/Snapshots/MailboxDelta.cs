using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Snapshots;

/// <summary>What one transaction of the writer does to one mailbox, in the order it is done.</summary>
internal sealed class MailboxDelta(AccountId account, MailboxId mailbox, long baseModSeq)
{
    private readonly List<MessageChange> _changes = [];

    internal AccountId Account => account;

    internal MailboxId Mailbox => mailbox;

    /// <summary>The mailbox's highest ModSeq before this transaction.</summary>
    internal long BaseModSeq { get; } = baseModSeq;

    /// <summary>The highest afterwards.</summary>
    internal long ModSeq { get; private set; } = baseModSeq;

    /// <summary>The mailbox is no more.</summary>
    internal bool IsRemoval { get; set; }

    internal int Added { get; private set; }

    internal IReadOnlyList<MessageChange> Changes => _changes;

    internal void Touch(long modSeq) => ModSeq = Math.Max(ModSeq, modSeq);

    /// <summary>A new message; its UID is above all before it.</summary>
    internal void Add(in MessageEntry entry)
    {
        Touch(entry.ModSeq);
        Added++;
        _changes.Add(new MessageChange(entry, MessageChangeKind.Added));
    }

    /// <summary>A message with its new flags, keywords and ModSeq.</summary>
    internal void Change(in MessageEntry entry)
    {
        Touch(entry.ModSeq);
        _changes.Add(new MessageChange(entry, MessageChangeKind.Changed));
    }

    internal void Remove(uint uid, long modSeq)
    {
        Touch(modSeq);
        _changes.Add(new MessageChange(new MessageEntry { Uid = uid }, MessageChangeKind.Removed));
    }
}

internal enum MessageChangeKind
{
    Added,
    Changed,
    Removed,
}

/// <param name="Entry">The message afterwards; of a removed one only the UID.</param>
internal readonly record struct MessageChange(MessageEntry Entry, MessageChangeKind Kind);
