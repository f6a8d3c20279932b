namespace MailSuite.Bench.Mailboxes.Model;

/// <summary>What a session has enabled, by which the server tells it things in another way.</summary>
internal enum SessionKind
{
    /// <summary>RFC 3501 without more.</summary>
    Plain,

    /// <summary>MODSEQ with every change of flags (RFC 7162 §3.1).</summary>
    CondStore,

    /// <summary>VANISHED instead of EXPUNGE, and SELECT that resynchronises (RFC 7162 §3.2).</summary>
    QResync,
}
