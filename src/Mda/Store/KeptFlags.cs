using MailSuite.Mda.Store.Snapshots;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store;

/// <summary>Which flags a message keeps where it is copied or moved to: those that the person may set there (RFC 4314 §4).</summary>
internal readonly record struct KeptFlags(MessageFlags Flags, bool Keywords)
{
    internal static KeptFlags All { get; } = new(
        MessageFlags.Seen | MessageFlags.Answered | MessageFlags.Flagged | MessageFlags.Deleted | MessageFlags.Draft | MessageFlags.Forwarded, true);

    internal MessageEntry Of(in MessageEntry message) => message with { Flags = message.Flags & Flags, Keywords = Keywords ? message.Keywords : 0 };

    internal MessageCounts CountOf(IEnumerable<MessageEntry> messages)
    {
        var counts = new MessageCounts();
        foreach (var message in messages)
            counts.Add(message.Flags & Flags, message.Octets);
        return counts;
    }
}
