namespace MailSuite.Shared.Contracts.Mta;

/// <summary>What is done when a host gives less TLS than it has given before.</summary>
public enum TlsDowngrade
{
    /// <summary>The mail goes; the log and the journey say it.</summary>
    Warn,

    /// <summary>The mail waits.</summary>
    Defer,
}
