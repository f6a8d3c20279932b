using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>Reads a mailbox as POP3 shows it: UIDs and octets, nothing else.</summary>
internal static class MaildropStatements
{
    private const string List = "SELECT uid, octets FROM message WHERE mailbox_id = ?1 ORDER BY uid";

    /// <returns><see langword="null"/> when the account has no INBOX.</returns>
    internal static MaildropEntries? Read(StoreConnection connection, AccountId account)
    {
        Mailbox? inbox = null;
        foreach (var mailbox in MailboxStatements.List(connection, account))
        {
            if (mailbox.Use == SpecialUse.Inbox)
                inbox = mailbox;
        }

        if (inbox is null)
            return null;

        var uids = new List<uint>(inbox.Messages);
        var octets = new List<uint>(inbox.Messages);
        var rows = connection.Prepare(List).Bind(1, inbox.Id.Value);
        while (rows.Step())
        {
            uids.Add((uint)rows.Long(0));
            octets.Add((uint)rows.Long(1));
        }

        return new MaildropEntries(inbox.Id, inbox.UidValidity, [.. uids], [.. octets]);
    }
}

/// <param name="Uids">In their order.</param>
/// <param name="Octets">Of each.</param>
internal sealed record MaildropEntries(MailboxId Mailbox, UidValidity UidValidity, uint[] Uids, uint[] Octets);
