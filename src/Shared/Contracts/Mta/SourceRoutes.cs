namespace MailSuite.Shared.Contracts.Mta;

/// <summary>What a path with a source route means.</summary>
public enum SourceRoutes
{
    /// <summary>Its address; the hosts before it are passed over (RFC 5321 App. C).</summary>
    Ignored,

    /// <summary>
    /// The hosts by which the mail is to go. Each takes its own name from the forward-path and puts it before the reverse-path, by which reports
    /// come back (RFC 821 §3.6). For laboratories and classes: who follows routes needs to be trusted by every host of them.
    /// </summary>
    Rfc821,
}
