using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads which messages went from a mailbox.</summary>
internal static class ExpungedReading
{
    private const string FindSince = "SELECT uid FROM expunged WHERE mailbox_id = ?1 AND mod_seq > ?2";

    /// <summary>The UIDs of messages that went after a ModSeq, ascending.</summary>
    internal static uint[] Since(StoreConnection connection, (MailboxId Mailbox, long ModSeq) asked)
    {
        var uids = new List<uint>();
        var rows = connection.Prepare(FindSince).Bind(1, asked.Mailbox.Value).Bind(2, asked.ModSeq);
        while (rows.Step())
            uids.Add((uint)rows.Long(0));
        uids.Sort();
        return [.. uids];
    }
}
