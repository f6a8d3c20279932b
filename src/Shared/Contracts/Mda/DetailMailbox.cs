namespace MailSuite.Shared.Contracts.Mda;

/// <summary>What the detail of an address (<c>ann+lists</c>) means for where its mail is filed (RFC 5233).</summary>
public enum DetailMailbox
{
    /// <summary>Nothing: all goes into INBOX.</summary>
    Never,

    /// <summary>It goes into the account's own mailbox of that name, whatever its case; into INBOX when there is none.</summary>
    IfThere,

    /// <summary>The same, and a mailbox that is not there is made, as far as the account may have more.</summary>
    Create,
}
