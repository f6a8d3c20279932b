using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>What the Mta module is told at start. The Host has checked every value.</summary>
public sealed record MtaOptions
{
    /// <summary>Where <c>mta.db</c> and the folder of spooled bodies lie; an existing directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The name in our greeting, our EHLO and our Received fields (RFC 5321 §2.3.5).</summary>
    public required Domain HostName { get; init; }

    /// <summary>Whether mail for other hosts may leave; off in the development profile.</summary>
    public bool RelayEnabled { get; init; } = true;

    /// <summary>
    /// Whether AUTH is offered and believed without TLS, which RFC 8314 §3 warns of; SCRAM too, for what follows it is as open as without.
    /// Default off; on in the development profile.
    /// </summary>
    public bool AllowPlaintextAuthentication { get; init; }

    /// <summary>The mechanisms of AUTH that are allowed. Default all of <see cref="SaslMechanisms.All"/>; in the development profile, where any password is right, those that carry one.</summary>
    public IReadOnlyList<string> AuthenticationMechanisms { get; init; } = SaslMechanisms.All;

    /// <summary>Whether the MX role offers AUTH too; on in the development profile, where one port does everything.</summary>
    public bool AuthenticateOnMx { get; init; }

    /// <summary>Whether who has authenticated may write only as themselves (RFC 6409 §6.1). Default on; off in the development profile, where anybody is anybody.</summary>
    public bool SubmissionOwnership { get; init; } = true;

    /// <summary>Messages that an account may send within 24 hours; 0 for no limit. Default 1,000, twice what the large providers let a person send; none in the development profile.</summary>
    public int MaxMessagesPerDay { get; init; } = 1000;

    /// <summary>Recipients of all its messages together; 0 for no limit. Default 5,000; none in the development profile.</summary>
    public int MaxRecipientsPerDay { get; init; } = 5000;

    /// <summary>Who may SEND, SOML and SAML to people who are signed in to the webmail (RFC 821 §3.4). Default never; always in the development profile.</summary>
    public Offer Terminal { get; init; } = Offer.Never;

    /// <summary>Whom VRFY tells whether a mailbox exists; others hear 252 (RFC 5321 §7.3). Default the authenticated; always in the development profile.</summary>
    public Offer Verify { get; init; } = Offer.Authenticated;

    /// <summary>Whom EXPN tells the members of an alias. Default the authenticated; always in the development profile.</summary>
    public Offer Expand { get; init; } = Offer.Authenticated;

    /// <summary>Whether RCPT and VRFY tell where an alias forwards to (251, RFC 5321 §3.4) instead of saying 250. Default no; on in the development profile.</summary>
    public bool TellForwarding { get; init; }

    /// <summary>Octets of a message, told by SIZE (RFC 1870). Default 50 MiB; RFC 5321 §4.5.3.1.7 asks for 64 KiB at least.</summary>
    public long MaxMessageOctets { get; init; } = 50 * 1024 * 1024;

    /// <summary>Octets of a command line with its CRLF. Default 2,048; RFC 5321 §4.5.3.1.4 asks for 512, extensions for more.</summary>
    public int MaxCommandLineOctets { get; init; } = 2048;

    /// <summary>Octets of a text line with its CRLF. Default 65,536; RFC 5321 §4.5.3.1.6 asks for 1,000, real mail exceeds it.</summary>
    public int MaxTextLineOctets { get; init; } = 64 * 1024;

    /// <summary>Recipients of a transaction. Default 1,000; RFC 5321 §4.5.3.1.8 asks for 100.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>MAIL commands of a session, told by LIMITS (RFC 9422); the next hears 421. Default 1,000: who sends more connects again.</summary>
    public int MaxTransactions { get; init; } = 1000;

    /// <summary>
    /// Whether the MX role offers DSN (RFC 3461) to who has not authenticated. Default true, as Postfix and sendmail do. Off, a stranger cannot have
    /// reports of success sent to an address that he only claims to be his.
    /// </summary>
    public bool DsnForStrangers { get; init; } = true;

    /// <summary>How long a submitted message may be held (FUTURERELEASE, RFC 4865); whole seconds, 0 to offer it to nobody. Default 30 days.</summary>
    public TimeSpan MaxFutureRelease { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Refused commands after which the session is closed with 421. Default 20, as Postfix's smtpd_hard_error_limit.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Failed AUTH commands after which the session is closed. Default 8: a mail program with a wrong password tries all four mechanisms.</summary>
    public int MaxAuthenticationFailures { get; init; } = 8;

    /// <summary>Sessions at once; the next hears 421. Default 1,000.</summary>
    public int MaxSessions { get; init; } = 1000;

    /// <summary>Sessions at once from one address; the next hears 421. Default 250.</summary>
    public int MaxSessionsPerAddress { get; init; } = 250;

    /// <summary>Servers in front of ours that may say who their client is (Postfix's XCLIENT); they are believed in everything. Default none.</summary>
    public IReadOnlyList<IPNetwork> XclientPeers { get; init; } = [];

    /// <summary>Content filters that may say where a message came from, for log and journey (Postfix's XFORWARD). Default none.</summary>
    public IReadOnlyList<IPNetwork> XforwardPeers { get; init; } = [];

    /// <summary>Clients that may send to other hosts over the MX role without authenticating, such as printers and servers of one's own network. Default none.</summary>
    public IReadOnlyList<IPNetwork> RelayNetworks { get; init; } = [];

    /// <summary>Received fields from which a message counts as looping. Default 100 (RFC 5321 §6.3).</summary>
    public int MaxReceivedFields { get; init; } = 100;

    /// <summary>How long a session waits for a command. Default 5 min (RFC 5321 §4.5.3.2.7).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long DATA waits for the next octet. Default 3 min (RFC 5321 §4.5.3.2.5).</summary>
    public TimeSpan DataBlockTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a message may take from 354 to its dot. Default 1 h: a client that sends an octet a minute is not served for ever.</summary>
    public TimeSpan DataTotalTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Messages larger than this are held in a file while they arrive. Default 256 KiB.</summary>
    public int SpillOctets { get; init; } = 256 * 1024;

    /// <summary>Free octets on the disk below which no mail is taken (452 4.3.1). Default 64 MiB.</summary>
    public long MinFreeOctets { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long the spool waits for a database that another program has locked, before the client hears 451. Whole seconds. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages larger than this lie in a file of the spool's folder instead of in its database. Default 1 MiB.</summary>
    public int LargeMessageOctets { get; init; } = 1024 * 1024;

    /// <summary>What becomes of source routes in paths: <c>&lt;@one,@two:joe@three&gt;</c>. Default ignored (RFC 5321 App. C).</summary>
    public SourceRoutes SourceRoutes { get; init; } = SourceRoutes.Ignored;

    /// <summary>
    /// Domains of others whose mail waits here until their host comes for it (RFC 1985, RFC 2645, RFC 821 §3.8), and who may. Anybody may send to them.
    /// Default none.
    /// </summary>
    public IReadOnlyDictionary<Domain, TurnDomain> TurnDomains { get; init; } = new Dictionary<Domain, TurnDomain>();

    /// <summary>How soon a domain's mail may be asked for again; sooner hears 458 or 450. Default 10 s (RFC 2645 §5.2.1 lets the server choose).</summary>
    public TimeSpan TurnInterval { get; init; } = TimeSpan.FromSeconds(10);

    public StrictnessOptions Strictness { get; init; } = new();

    public RelayOptions Relay { get; init; } = new();

    public ForwardingOptions Forwarding { get; init; } = new();

    /// <summary>Whether somebody collects metrics, so that what is read and not counted is there to be read (src/Mta/Metrics/README.md). Default no.</summary>
    public bool HasMetrics { get; init; }

    /// <summary>Who is told over HTTP what becomes of mail in the queue (src/Mta/Notices/README.md); without any, nothing is spent on it. Default nobody.</summary>
    public IReadOnlyList<WebhookTarget> Webhooks { get; init; } = [];
}

/// <summary>How mail leaves for other hosts.</summary>
public sealed record RelayOptions
{
    /// <summary>The port of other hosts' MX role. Default 25; another one only in laboratories and tests.</summary>
    public int Port { get; init; } = 25;

    public RoutingOptions Routing { get; init; } = new();

    /// <summary>DNS servers; empty for those of the operating system.</summary>
    public IReadOnlyList<IPEndPoint> DnsServers { get; init; } = [];

    /// <summary>How long one DNS query waits. Default 5 s.</summary>
    public TimeSpan DnsTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a server that did not answer is asked once more. Default 1: with two servers that are silent a look-up takes 20 s.</summary>
    public int DnsRetries { get; init; } = 1;

    /// <summary>Answers of the DNS that are kept for their time to live, a no among them (RFC 2308); 0 for none. Default 10,000, about 5 MiB.</summary>
    public int DnsCacheEntries { get; init; } = 10_000;

    /// <summary>Waits after the first, second, … failed attempt; the last repeats. Default 5, 10, 15, 30 min, 1, 2, 4 h (RFC 5321 §4.5.4.1).</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } =
    [
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    /// <summary>Percent by which chance may make a wait longer, so that what failed together does not come back together. Default 10.</summary>
    public int RetryJitter { get; init; } = 10;

    /// <summary>How long a message is tried before it is returned. Default 5 days (RFC 5321 §4.5.4.1: 4 to 5 days at least).</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(5);

    /// <summary>
    /// After how long a sender is told once that a message is still under way (RFC 5321 §4.5.4.1, RFC 3461 §4.1); 0 for never. Default 4 h, as
    /// sendmail's and Postfix's usual setting.
    /// </summary>
    public TimeSpan DelayWarning { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Octets up to which a report of failure returns the whole message where RET=FULL asks for it (RFC 3461 §4.3); 0 for never. Default 1 MiB.</summary>
    public int MaxReturnedOctets { get; init; } = 1024 * 1024;

    /// <summary>Whether somebody is told, once, of mail with a null reverse-path that could not be delivered, such as a report (a double bounce). Default true.</summary>
    public bool DoubleBounces { get; init; } = true;

    /// <summary>Who is told of them; <see langword="null"/> for our postmaster, as Postfix's 2bounce_notice_recipient. Default <see langword="null"/>.</summary>
    public EnvelopeAddress? DoubleBounceAddress { get; init; }

    /// <summary>How long a report that could not be delivered is kept for the postmaster to look at; nobody may be told of it (RFC 5321 §6.1). Default 30 days.</summary>
    public TimeSpan KeepUndeliverable { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long it can be told what became of a message that is done; so long a repeated hand-over of it is recognised, too. Default 7 days, at least 1.
    /// </summary>
    public TimeSpan KeepRetired { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether an address of which its host has said that it does not exist gets no more mail: refused to who submits, returned at once otherwise. Default on, as
    /// mox does; hosts think ill of who tries it again and again.
    /// </summary>
    public bool Suppression { get; init; } = true;

    /// <summary>How long such an address is remembered; one that a person has added stays. Default 90 days: mailboxes come back.</summary>
    public TimeSpan KeepSuppressions { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Messages in delivery at once, over all destinations; a quarter of them is kept for what has just come in. Default 100, as Postfix's default_process_limit.</summary>
    public int MaxConcurrent { get; init; } = 100;

    /// <summary>
    /// Connections at once to one destination at most: it begins with 5, grows with success and shrinks with failure. Default 20, as Postfix's
    /// default_destination_concurrency_limit.
    /// </summary>
    public int MaxConcurrentPerDestination { get; init; } = 20;

    /// <summary>Messages that were just accepted and are kept in memory for their first attempt; what is more is read from disk. Default 2,000; 0 for none.</summary>
    public int HandOverMessages { get; init; } = 2_000;

    /// <summary>Octets of these. Default 64 MiB; 0 for none.</summary>
    public long HandOverOctets { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long connections are kept for the next message.</summary>
    public ConnectionOptions Connections { get; init; } = new();

    /// <summary>
    /// A PEM file of authorities that are trusted beside those of the operating system, for the certificates of next hosts; <see langword="null"/>, the
    /// default, for none.
    /// </summary>
    public string? TrustedCertificates { get; init; }

    /// <summary>What is done when a host gives less TLS than it has given before. Default: the mail goes, and the log and the journey say it.</summary>
    public TlsDowngrade TlsDowngrade { get; init; } = TlsDowngrade.Warn;

    /// <summary>How long it is remembered what TLS a host has given; 0 for not at all. Default 30 days, about the life of an MTA-STS policy (RFC 8461 §3.2).</summary>
    public TimeSpan TlsMemory { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long connecting may take, for each address. Default 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reply to a command may take. Default 5 min (RFC 5321 §4.5.3.2).</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the reply to the final dot may take. Default 10 min (RFC 5321 §4.5.3.2.6).</summary>
    public TimeSpan FinalReplyTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
