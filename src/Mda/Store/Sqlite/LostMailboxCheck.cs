using MailSuite.Mda.Store.Maintenance;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>A message lies in a mailbox that there is; else it goes to the Recovered one of its account.</summary>
internal sealed class LostMailboxCheck : IStoreCheck
{
    private const string FindLost = "SELECT printf('Message %d lies in mailbox %d, which is no more.', uid, mailbox_id) FROM message WHERE mailbox_id NOT IN (SELECT id FROM mailbox)";

    private const string FindOwned = "SELECT mailbox_id, uid, account_id FROM message WHERE mailbox_id NOT IN (SELECT id FROM mailbox) AND account_id IN (SELECT id FROM account WHERE removed_at IS NULL)";

    private const string Move = "UPDATE message SET mailbox_id = ?3, uid = ?4, mod_seq = ?5, save_date = ?6 WHERE mailbox_id = ?1 AND uid = ?2";

    public IReadOnlyList<string> Find(StoreConnection connection) => QueryCheck.Texts(connection, FindLost);

    public void Repair(WriteTurn turn, DateTimeOffset now)
    {
        var lost = new List<(long Mailbox, long Uid, long Account)>();
        var rows = turn.Prepare(FindOwned);
        while (rows.Step())
            lost.Add((rows.Long(0), rows.Long(1), rows.Long(2)));
        foreach (var (mailbox, uid, account) in lost)
        {
            var place = RecoveredMailbox.Take(turn, account, now);
            turn.Prepare(Move).Bind(1, mailbox).Bind(2, uid).Bind(3, place.Mailbox).Bind(4, place.Uid).Bind(5, place.ModSeq).Bind(6, now.ToUnixTimeMilliseconds()).Run();
        }
    }
}
