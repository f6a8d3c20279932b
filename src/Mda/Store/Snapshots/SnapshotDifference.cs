namespace MailSuite.Mda.Store.Snapshots;

/// <summary>What happened to a mailbox between two snapshots.</summary>
/// <param name="Vanished">UIDs that are no more, ascending.</param>
/// <param name="Changed">Messages of both whose flags, keywords or ModSeq are others now, as they are now, ascending.</param>
/// <param name="Appended">Messages that the older does not know: the last so many of the newer.</param>
internal readonly record struct SnapshotDifference(IReadOnlyList<uint> Vanished, IReadOnlyList<MessageEntry> Changed, int Appended)
{
    internal static readonly SnapshotDifference None = new([], [], 0);
}
