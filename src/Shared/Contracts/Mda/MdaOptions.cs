using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>What the Mda module is told at start. The Host has checked every value.</summary>
public sealed record MdaOptions
{
    /// <summary>Aliases that lead to one another at most, one after the other; what lies beyond is not followed.</summary>
    public const int MaxAliasChain = 10;

    /// <summary>Addresses that an alias may lead to in all, here and elsewhere each.</summary>
    public const int MaxAliasTargets = 1000;

    /// <summary>Where <c>mda.db</c> and the folder of large bodies lie; an existing directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The name of this host, for journeys and for the postmaster's address.</summary>
    public required string HostName { get; init; }

    /// <summary>The domains whose mailboxes are here. The first is the postmaster's.</summary>
    public IReadOnlyList<Domain> Domains { get; init; } = [];

    /// <summary>Development: every domain is local, an account is made on its first mail or sign-in, and any password is right.</summary>
    public bool EveryoneIsLocal { get; init; }

    /// <summary>Address → addresses that get the mail instead; each target is a local account, another alias, or an address of another host, to which the Mta relays.</summary>
    public IReadOnlyDictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> Aliases { get; init; } = new Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>>();

    /// <summary>Addresses of ours whose people are elsewhere now, and where; mail for them is refused with 551 and not forwarded (RFC 5321 §3.4). Default none.</summary>
    public IReadOnlyDictionary<EnvelopeAddress, EnvelopeAddress> Moved { get; init; } = new Dictionary<EnvelopeAddress, EnvelopeAddress>();

    /// <summary>Domains that are other names of one of <see cref="Domains"/>: every address there is the one of the same local-part here. Default none.</summary>
    public IReadOnlyDictionary<Domain, Domain> DomainAliases { get; init; } = new Dictionary<Domain, Domain>();

    /// <summary>Each of these characters may separate the mailbox from the detail in a local-part (RFC 5233); empty for none. Default <c>+</c>, as Gmail and most others.</summary>
    public string DetailSeparators { get; init; } = "+";

    /// <summary>Whether mail for an address with a detail goes into the mailbox of that name. Default Never: it is a name that anybody can write.</summary>
    public DetailMailbox DetailMailbox { get; init; }

    /// <summary>Octets of mail that one account may hold; 0 for no limit. Default 0.</summary>
    public long QuotaOctets { get; init; }

    /// <summary>Messages that one account may hold, each counted in every mailbox it lies in; 0 for no limit. Default 0.</summary>
    public long QuotaMessages { get; init; }

    /// <summary>Mailboxes that one account may have. Default 10,000: ten times what the largest accounts that we know of have.</summary>
    public int MaxMailboxes { get; init; } = 10_000;

    /// <summary>
    /// How long mail for an account that is over its quota is put off (452), reckoned from the first that was turned away, before it is
    /// refused (552). Default 2 days: a person may clear up, and a sender hears of it before the usual five days are over.
    /// </summary>
    public TimeSpan QuotaGrace { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Free octets on the disk below which no mail is taken (452 4.3.1). Default 64 MiB.</summary>
    public long MinFreeOctets { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long the writer waits for a database that another program has locked, before it defers. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Deliveries that share one transaction and one sync at most. Default 200.</summary>
    public int MaxGroup { get; init; } = 200;

    /// <summary>The full-text index.</summary>
    public SearchOptions Search { get; init; } = new();

    /// <summary>
    /// Messages of mailboxes that nobody has open at the moment whose list is kept in memory, so that they open at once: 40 octets each.
    /// Default 2,000,000, which is 80 MB when all are in use.
    /// </summary>
    public long CachedMessages { get; init; } = 2_000_000;

    /// <summary>Messages larger than this lie in a file beside the database instead of in it. Default 1 MiB.</summary>
    public int LargeMessageOctets { get; init; } = 1024 * 1024;

    /// <summary>How people's programs get at their mail by IMAP.</summary>
    public ImapOptions Imap { get; init; } = new();

    /// <summary>…and by POP3.</summary>
    public Pop3Options Pop3 { get; init; } = new();
}
