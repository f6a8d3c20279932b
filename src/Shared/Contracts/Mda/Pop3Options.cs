using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>What the POP3 server is told at start. The Host has checked every value.</summary>
public sealed record Pop3Options
{
    /// <summary>Whether people may sign in without TLS, which RFC 8314 §3 warns of. Default off; on in the development profile.</summary>
    public bool AllowPlaintextAuthentication { get; init; }

    /// <summary>The mechanisms of AUTH that are offered; USER and PASS go with PLAIN, whose password they carry too. Default all that there are.</summary>
    public IReadOnlyList<string> AuthenticationMechanisms { get; init; } = SaslMechanisms.All;

    /// <summary>Failed attempts to sign in after which the session is closed. Default 8: a mail program with a wrong password tries all mechanisms.</summary>
    public int MaxAuthenticationFailures { get; init; } = 8;

    /// <summary>Commands refused by -ERR after which the session is closed. Default 20, as in SMTP.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Sessions at once; the next hears -ERR. Default 1,000.</summary>
    public int MaxSessions { get; init; } = 1000;

    /// <summary>Sessions at once from one address (of IPv6, one /64); the next hears -ERR. Those of this machine are not counted. Default 50.</summary>
    public int MaxSessionsPerAddress { get; init; } = 50;

    /// <summary>Octets of a command line with its CRLF. Default 2 KiB; RFC 2449 §4 asks for 255, and a password may be 1,024 octets long.</summary>
    public int MaxCommandLineOctets { get; init; } = 2048;

    /// <summary>How long a session waits for a command, and for a client that takes its answer. Default 10 min (RFC 1939 §3).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a session waits for a command before somebody has signed in. Default 1 min: a stranger holds no place here.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The least time between two sign-ins of an account, told by LOGIN-DELAY (RFC 2449 §6.5) in whole seconds; 0 for none. Default 0.</summary>
    public TimeSpan LoginDelay { get; init; }
}
