namespace MailSuite.Mta.Acceptance;

/// <summary>Whether a message goes to its recipients' terminals, to their mailboxes, or to both (RFC 821 §3.4).</summary>
internal enum TerminalUse
{
    /// <summary>MAIL: to mailboxes only.</summary>
    None,

    /// <summary>SEND: to terminals only.</summary>
    Send,

    /// <summary>SOML: to the terminal of who is there, to the mailbox of who is not.</summary>
    SendOrMail,

    /// <summary>SAML: to mailboxes, and to the terminal of who is there.</summary>
    SendAndMail,
}
