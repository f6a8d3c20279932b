namespace MailSuite.Mda.Imap;

/// <summary>The states of a session (RFC 9051 §3). Which command is allowed where is each command's own <see cref="Commands.IImapCommand.AllowedIn"/>.</summary>
[Flags]
internal enum ImapStates
{
    None = 0,

    /// <summary>Nobody has signed in.</summary>
    NotAuthenticated = 1,

    /// <summary>An account, and no mailbox selected.</summary>
    Authenticated = 2,

    /// <summary>A mailbox is selected.</summary>
    Selected = 4,

    SignedIn = Authenticated | Selected,

    Any = NotAuthenticated | Authenticated | Selected,
}

/// <summary>What the client has switched on, by ENABLE (RFC 5161) or by a command that implies it. Never off again but by UNAUTHENTICATE (RFC 8437).</summary>
[Flags]
internal enum ImapExtensions
{
    None = 0,

    /// <summary>IMAP4rev2 in the place of IMAP4rev1 (RFC 9051 appendix E).</summary>
    Imap4Rev2 = 1,

    /// <summary>Names and quoted strings in UTF-8 (RFC 6855).</summary>
    Utf8Accept = 2,

    /// <summary>MODSEQ is told with flags (RFC 7162 §3.1).</summary>
    CondStore = 4,

    /// <summary>VANISHED in the place of EXPUNGE (RFC 7162 §3.2); implies <see cref="CondStore"/>.</summary>
    QResync = 8,

    /// <summary>No sequence numbers at all (RFC 9586).</summary>
    UidOnly = 16,
}

/// <summary>Which changes may be told beside the answer to a command (RFC 9051 §7.5.1).</summary>
internal enum ImapUpdates
{
    /// <summary>None: there is nobody to tell, or the command has told them itself.</summary>
    None,

    /// <summary>Flags of messages; nothing that would move a sequence number, or make one that was not there.</summary>
    Flags,

    All,
}
