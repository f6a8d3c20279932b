using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Snapshots;

/// <summary>What is kept in memory of one message of an open mailbox: 40 octets.</summary>
/// <param name="Keywords">The id of its keyword set (<see cref="KeywordSets"/>); 0 for none.</param>
/// <param name="Octets">RFC822.SIZE; a larger message than 32 bits can say is given as the largest such number.</param>
/// <param name="Body">The row of <c>body</c>; the same for all copies of a message.</param>
/// <param name="InternalDate">Unix milliseconds.</param>
internal readonly record struct MessageEntry(uint Uid, MessageFlags Flags, int Keywords, uint Octets, long ModSeq, long Body, long InternalDate)
{
    internal static uint Size(long octets) => (uint)Math.Min(octets, uint.MaxValue);
}
