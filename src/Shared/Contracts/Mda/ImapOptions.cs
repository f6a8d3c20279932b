using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>What the IMAP server is told at start. The Host has checked every value.</summary>
public sealed record ImapOptions
{
    /// <summary>
    /// Whether people may sign in without TLS, which RFC 8314 §3 warns of. Default off: LOGINDISABLED is told then (RFC 9051 §11.1); on in the
    /// development profile.
    /// </summary>
    public bool AllowPlaintextAuthentication { get; init; }

    /// <summary>The mechanisms of AUTHENTICATE that are allowed; LOGIN goes with PLAIN. Default all of <see cref="SaslMechanisms.All"/>; in the development profile those that carry a password.</summary>
    public IReadOnlyList<string> AuthenticationMechanisms { get; init; } = SaslMechanisms.All;

    /// <summary>Sessions at the same time, in all. Default 10,000.</summary>
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>Sessions of one client address, by the /64 for IPv6; of this machine's own addresses only the total counts. Default 200: a household or an office behind one address.</summary>
    public int MaxSessionsPerAddress { get; init; } = 200;

    /// <summary>Sessions of one account. Default 50: five programs with ten connections each (Dovecot has 10 for each address, mail_max_userip_connections).</summary>
    public int MaxSessionsPerAccount { get; init; } = 50;

    /// <summary>Octets of a command without its literals. Default 64 KiB, as Dovecot (imap_max_line_length); RFC 7162 §4 asks for 8,192.</summary>
    public int MaxLineOctets { get; init; } = 64 * 1024;

    /// <summary>Octets of a literal that is no message: a name, a word to search for, an annotation. Default 256 KiB.</summary>
    public int MaxLiteralOctets { get; init; } = 256 * 1024;

    /// <summary>Octets of a command with its literals, but for messages. Default 1 MiB.</summary>
    public int MaxCommandOctets { get; init; } = 1024 * 1024;

    /// <summary>Octets of a message that is appended, told by APPENDLIMIT (RFC 7889). Default 50 MiB, as for mail that is delivered.</summary>
    public long MaxMessageOctets { get; init; } = 50 * 1024 * 1024;

    /// <summary>How long a client may take from its connection until it has signed in. Default 2 min.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a client that has signed in may say nothing, in IDLE too. Default 30 min, the least that RFC 9051 §5.4 allows.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the next part of a command that has begun may take, and how long a client may read nothing of what it asked for. Default 3 min.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Commands in a row that were none (BAD) before the session ends. Default 20, as Dovecot.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Sign-ins that fail in one session before it ends. Default 3.</summary>
    public int MaxAuthenticationFailures { get; init; } = 3;
}
