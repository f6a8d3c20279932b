namespace MailSuite.Mta.Delivery;

/// <summary>What our SMTP client puts up with from another host.</summary>
internal sealed record DeliveryLimits
{
    /// <summary>Octets of a reply line with its CRLF. Default 2,048; RFC 5321 §4.5.3.1.5 asks for 512, EHLO keywords can be longer.</summary>
    public int MaxReplyLineOctets { get; init; } = 2048;

    /// <summary>Lines of one reply. Default 100.</summary>
    public int MaxReplyLines { get; init; } = 100;

    /// <summary>Addresses tried in one attempt at a destination. Default 10.</summary>
    public int MaxAddresses { get; init; } = 10;

    /// <summary>Sessions in one attempt at a destination, of hosts that answered and did not take all. Default 3.</summary>
    public int MaxSessions { get; init; } = 3;

    /// <summary>Transactions for one message in one session, when a host takes only so many recipients at a time. Default 50.</summary>
    public int MaxTransactions { get; init; } = 50;

    /// <summary>Recipients in one transaction. Default 100, which every server takes (RFC 5321 §4.5.3.1.8).</summary>
    public int MaxRecipients { get; init; } = 100;

    /// <summary>Further sessions with one address in one attempt, when it takes only so many recipients in each (RFC 9422), or TLS with it does not work. Default 20.</summary>
    public int MaxFurtherSessions { get; init; } = 20;

    /// <summary>How long the reply to QUIT may take; all is settled by then. Default 5 s.</summary>
    public TimeSpan QuitTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
