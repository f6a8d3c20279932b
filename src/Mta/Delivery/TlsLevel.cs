namespace MailSuite.Mta.Delivery;

/// <summary>How well a session was protected. Kept on disk by its number.</summary>
internal enum TlsLevel
{
    None = 0,

    /// <summary>TLS, with whatever certificate.</summary>
    Encrypted = 1,

    /// <summary>TLS with a certificate that is good for the host's name.</summary>
    Verified = 2,
}
