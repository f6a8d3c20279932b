using MailSuite.Shared.Status;

namespace MailSuite.Mta.Delivery;

/// <summary>What became of greeting, EHLO and STARTTLS.</summary>
internal abstract record SessionOpening
{
    private SessionOpening()
    {
    }

    public sealed record Ready : SessionOpening;

    /// <summary>The host does not want us, now or ever by the reply's class.</summary>
    public sealed record Refused(RemoteReply Reply) : SessionOpening;

    /// <summary>The host is ourselves.</summary>
    public sealed record Loop(EnhancedStatusCode Status, string Reason) : SessionOpening;

    /// <summary>It does not give what we must have, TLS or a sign-in: always temporary, since a setting may be what is wrong.</summary>
    public sealed record Lacking(EnhancedStatusCode Status, string Reason, RemoteReply? Reply) : SessionOpening;

    /// <summary>The handshake failed; the connection is of no use any more, a new one without TLS may be.</summary>
    public sealed record TlsFailed(string Reason) : SessionOpening;
}
