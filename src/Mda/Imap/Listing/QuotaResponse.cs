using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Listing;

/// <summary>The untagged QUOTA (RFC 9208 §4.2.1): resources that have a limit.</summary>
internal static class QuotaResponse
{
    /// <summary>Octets of a unit of STORAGE (RFC 9208 §5.1).</summary>
    internal const int StorageUnit = 1024;

    public static void Write(ImapWriter writer, QuotaRoot root)
    {
        writer.Raw("* QUOTA "u8).AString(root.Name).Space().Open();
        if (root.OctetLimit > 0)
            writer.Raw("STORAGE "u8).Number((root.Octets + StorageUnit - 1) / StorageUnit).Space().Number(root.OctetLimit / StorageUnit);
        if (root is { OctetLimit: > 0, MessageLimit: > 0 })
            writer.Space();
        if (root.MessageLimit > 0)
            writer.Raw("MESSAGE "u8).Number(root.Messages).Space().Number(root.MessageLimit);
        writer.Close().Crlf();
    }
}
