using System.Text;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>The flags that have a bit of their own, and what they are called on the wire.</summary>
internal static class ImapFlags
{
    private static readonly (MessageFlags Flag, byte[] Name)[] Names =
    [
        (MessageFlags.Answered, "\\Answered"u8.ToArray()),
        (MessageFlags.Flagged, "\\Flagged"u8.ToArray()),
        (MessageFlags.Deleted, "\\Deleted"u8.ToArray()),
        (MessageFlags.Seen, "\\Seen"u8.ToArray()),
        (MessageFlags.Draft, "\\Draft"u8.ToArray()),
        (MessageFlags.Forwarded, "$Forwarded"u8.ToArray()),
    ];

    /// <summary>In the order in which they are told.</summary>
    public static ReadOnlySpan<(MessageFlags Flag, byte[] Name)> All => Names;

    /// <param name="name">With its backslash, if it has one; in any case.</param>
    public static bool TryParse(ReadOnlySpan<byte> name, out MessageFlags flag)
    {
        foreach (var (known, text) in Names)
        {
            if (Ascii.EqualsIgnoreCase(name, text))
            {
                flag = known;
                return true;
            }
        }

        flag = default;
        return false;
    }
}
