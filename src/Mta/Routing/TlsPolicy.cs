namespace MailSuite.Mta.Routing;

/// <summary>How much TLS a destination must give.</summary>
internal enum TlsPolicy
{
    /// <summary>Not used even where it is offered.</summary>
    None,

    /// <summary>Where it is offered and works, with any certificate (RFC 7435).</summary>
    Opportunistic,

    /// <summary>Always, with any certificate.</summary>
    Encrypt,

    /// <summary>Always, with a certificate that is valid for the host's name.</summary>
    Verify,
}
