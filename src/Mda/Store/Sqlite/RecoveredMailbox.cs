using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Where mail goes whose place is lost. Its counters are right when the checks that follow have counted anew.</summary>
internal static class RecoveredMailbox
{
    private const string Name = "Recovered";

    private const string FindMailbox = "SELECT id FROM mailbox WHERE account_id = ?1 AND name = ?2 AND removed_at IS NULL";

    private const string Reserve = "UPDATE mailbox SET uid_next = uid_next + 1, highest_mod_seq = highest_mod_seq + 1 WHERE id = ?1 RETURNING uid_next - 1, highest_mod_seq";

    /// <returns>The mailbox, a UID in it, and the ModSeq of its arrival.</returns>
    internal static (long Mailbox, long Uid, long ModSeq) Take(WriteTurn turn, long account, DateTimeOffset now)
    {
        var find = turn.Prepare(FindMailbox).Bind(1, account).Bind(2, Name);
        long mailbox;
        if (find.Step())
        {
            mailbox = find.Long(0);
            find.Reset();
        }
        else
        {
            mailbox = NamespaceChanging.Insert(turn, new AccountId(account), Name, SpecialUse.None, now).Value;
        }

        var place = turn.Prepare(Reserve).Bind(1, mailbox);
        place.Step();
        var taken = (mailbox, place.Long(0), place.Long(1));
        place.Run();
        return taken;
    }
}
