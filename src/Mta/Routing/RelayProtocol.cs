namespace MailSuite.Mta.Routing;

/// <summary>What is spoken with the next host.</summary>
internal enum RelayProtocol
{
    Smtp,

    /// <summary>RFC 2033: a reply for each recipient after the dot.</summary>
    Lmtp,
}
