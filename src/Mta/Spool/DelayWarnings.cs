namespace MailSuite.Mta.Spool;

/// <summary>The reports of delay that a recipient's sender has had. Kept on disk by its number.</summary>
[Flags]
internal enum DelayWarnings
{
    None = 0,

    /// <summary>That it is under way for longer than usual.</summary>
    Slow = 1,

    /// <summary>That the time of BY is over (RFC 2852 §4.1.4.2).</summary>
    DeadlinePassed = 2,
}
