namespace MailSuite.Mta.Smtp;

/// <summary>Where a session stands; as flags, where a command is allowed. Elsewhere the session answers 503 5.5.1 (RFC 5321 §4.1.4).</summary>
[Flags]
internal enum SmtpStates
{
    None = 0,

    /// <summary>Greeted by us, and not yet by the client; again after STARTTLS (RFC 3207 §4.2).</summary>
    Connected = 1,

    /// <summary>EHLO or HELO was said; no mail transaction is open.</summary>
    Ready = 2,

    /// <summary>From MAIL to the end of data or the first chunk, to RSET or to the next EHLO.</summary>
    InTransaction = 4,

    /// <summary>From the first chunk of a message (RFC 3030 §2) to its last, or to RSET or the next EHLO.</summary>
    InChunks = 8,

    Any = Connected | Ready | InTransaction | InChunks,
}
