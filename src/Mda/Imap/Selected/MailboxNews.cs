using MailSuite.Mda.Store.Snapshots;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>What a client is to be told of its mailbox, in this order.</summary>
/// <param name="Expunged">Sequence numbers of messages that went, as they were before the first of them went, ascending.</param>
/// <param name="Vanished">The same messages by UID.</param>
/// <param name="Exists">Messages there are now, when some came; <see langword="null"/> when none did.</param>
/// <param name="Changed">Messages with other flags, keywords or ModSeq, by the sequence numbers of afterwards.</param>
internal sealed record MailboxNews(IReadOnlyList<int> Expunged, IReadOnlyList<uint> Vanished, int? Exists, IReadOnlyList<NumberedMessage> Changed)
{
    internal static readonly MailboxNews None = new([], [], null, []);
}

/// <param name="Number">The sequence number.</param>
internal readonly record struct NumberedMessage(int Number, MessageEntry Entry);
