using System.Net;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>How much the receiving side of SMTP insists on.</summary>
public sealed record StrictnessOptions
{
    /// <summary>
    /// Networks whose clients are spared what keeps strangers in check: greet delay, pipelining rules, tarpit, limits and rates by address,
    /// DNS lists, greylisting. A client without an IP address is always spared. Default loopback.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedNetworks { get; init; } = [new(IPAddress.Parse("127.0.0.0"), 8), new(IPAddress.IPv6Loopback, 128)];

    /// <summary>What EHLO and HELO may have as their argument. Default <see cref="HelloName.Tolerant"/>.</summary>
    public HelloName HelloName { get; init; } = HelloName.Tolerant;

    /// <summary>Whether a stranger on the MX that calls itself by our name is refused. Default off.</summary>
    public bool RefuseOwnName { get; init; }

    /// <summary>Whether a stranger on the MX must call itself by a name that the DNS has an address for. Default off (RFC 5321 §4.1.4).</summary>
    public bool ResolveName { get; init; }

    /// <summary>Whether a client that talks before the greeting, or sends on behind a command that it must await (RFC 2920 §3.1), hears 554 and is cut off. Default on.</summary>
    public bool RefusePipeliningErrors { get; init; } = true;

    /// <summary>How long a stranger on the MX waits for the greeting, to see who talks before it. Default 0 s, off; Postfix's postscreen has 6 s.</summary>
    public TimeSpan GreetDelay { get; init; }

    /// <summary>Octets of a message's header. Default 256 KiB, as Exchange; Postfix has 100 KiB for one field.</summary>
    public int MaxHeaderOctets { get; init; } = 256 * 1024;

    /// <summary>Octets of a line of the header with its CRLF. Default 65,536, as of any text line; RFC 5322 §2.1.1 has 1,000, which real mail exceeds.</summary>
    public int MaxHeaderLineOctets { get; init; } = 64 * 1024;

    /// <summary>Fields of a header. Default 1,000.</summary>
    public int MaxHeaderFields { get; init; } = 1000;

    /// <summary>Commands of a session that lead to no mail (NOOP, RSET, VRFY, HELP, EHLO again), until a message is accepted; one more, and 421 ends it. Default 100, as Postfix's smtpd_junk_command_limit.</summary>
    public int MaxIdleCommands { get; init; } = 100;

    /// <summary>Refused commands after which each further refusal comes late. Default 10, as Postfix's smtpd_soft_error_limit.</summary>
    public int TarpitErrors { get; init; } = 10;

    /// <summary>How late. Default 1 s, as Postfix's smtpd_error_sleep_time; 0 s is off.</summary>
    public TimeSpan TarpitDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Sessions at once from one network, an IPv4 /24 or an IPv6 /48; the next hears 421. Default 500.</summary>
    public int MaxSessionsPerNetwork { get; init; } = 500;

    /// <summary>What one address (IPv4, or an IPv6 /64) may do in a minute.</summary>
    public RateOptions AddressRates { get; init; } = new() { Connections = 200, Mails = 600, Recipients = 3000, RefusedRecipients = 60 };

    /// <summary>What one network (an IPv4 /24, an IPv6 /48) may do in a minute.</summary>
    public RateOptions NetworkRates { get; init; } = new() { Connections = 1000, Mails = 3000, Recipients = 15_000, RefusedRecipients = 300 };

    /// <summary>The DNS lists that are asked about strangers on the MX (RFC 5782). Default none.</summary>
    public IReadOnlyList<DnsList> DnsLists { get; init; } = [];

    /// <summary>How long RCPT waits for the answers of DNS lists; whom they have not answered for by then is not listed. Default 3 s.</summary>
    public TimeSpan DnsListTimeout { get; init; } = TimeSpan.FromSeconds(3);

    public GreylistOptions Greylisting { get; init; } = new();
}

/// <summary>What EHLO and HELO may have as their argument.</summary>
public enum HelloName
{
    /// <summary>A domain or an address literal, as RFC 5321 §4.1.1.1 has it.</summary>
    Rfc,

    /// <summary>Besides, any word of letters, digits and <c>- . _</c>, and a bare IP address: names that real hosts have. A literal must be right all the same.</summary>
    Tolerant,
}

/// <summary>How often a minute; 0 is no limit. After so many at once one more is allowed each time that its share of the minute has passed.</summary>
public sealed record RateOptions
{
    /// <summary>Connections; the next hears 421.</summary>
    public int Connections { get; init; }

    /// <summary>MAIL commands; the next hears 450.</summary>
    public int Mails { get; init; }

    /// <summary>Recipients that exist; the next hears 450.</summary>
    public int Recipients { get; init; }

    /// <summary>Recipients that were refused; then connections hear 421 and MAIL 450.</summary>
    public int RefusedRecipients { get; init; }
}

/// <param name="Zone">Where it is asked: <c>zen.example.org</c>.</param>
/// <param name="Subject">What it lists.</param>
/// <param name="Action">What follows.</param>
/// <param name="Codes">The answers that count; none given means all of 127.0.0.0/8. Answers of 127.255.255.0/24 tell of an error and never count.</param>
public sealed record DnsList(string Zone, DnsListSubject Subject, DnsListAction Action, IReadOnlyList<IPNetwork> Codes);

public enum DnsListSubject
{
    /// <summary>Client addresses (RFC 5782 §2.1, §2.4).</summary>
    Address,

    /// <summary>Domains of reverse-paths (RFC 5782 §2.2).</summary>
    Domain,
}

public enum DnsListAction
{
    /// <summary>Recipients are refused, 550.</summary>
    Refuse,

    /// <summary>Recipients are deferred, 450.</summary>
    Defer,

    /// <summary>The message goes to Junk.</summary>
    Quarantine,

    /// <summary>No other list counts.</summary>
    Allow,
}

/// <summary>Greylisting: who is not known yet is asked to come again.</summary>
public sealed record GreylistOptions
{
    /// <summary>Default off.</summary>
    public bool Enabled { get; init; }

    /// <summary>How long a new sender has to wait. Default 5 min, as postgrey.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Until when it must have come again, or is new once more. Default 2 d, as postgrey.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(2);

    /// <summary>How long who has come again stays known without coming. Default 35 d, as postgrey: a monthly mailing is known.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(35);

    /// <summary>Senders of one network that have come again, after which the network is known as a whole. Default 5, as postgrey; 0 is never.</summary>
    public int KnownAfter { get; init; } = 5;

    /// <summary>Senders that are remembered; above, the oldest are forgotten. Default 100,000.</summary>
    public int MaxEntries { get; init; } = 100_000;
}
