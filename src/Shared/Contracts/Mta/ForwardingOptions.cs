using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mta;

/// <summary>How mail goes on that an alias of ours sends to another host.</summary>
public sealed record ForwardingOptions
{
    /// <summary>
    /// Whether the sender of another domain is rewritten to an address of ours (SRS), so that a host that checks whether we may send for the sender's domain
    /// (SPF, RFC 7208) takes the mail. Default true. Off, addresses that were made before still lead back.
    /// </summary>
    public bool RewriteSenders { get; init; } = true;

    /// <summary>The domain of the rewritten addresses: one whose mail comes here and that lets this host send. Default the first of Domains.</summary>
    public Domain? SrsDomain { get; init; }

    /// <summary>The file of the keys: the first line makes addresses, all lines know them; made with a key in it when it is not there. Default <c>srs.keys</c> in the data directory.</summary>
    public string? SrsKeyFile { get; init; }

    /// <summary>How old an address may be that leads back; whole days, 512 at most, since it tells its day modulo 1024. Default 21 days, as libsrs2 and postsrsd.</summary>
    public TimeSpan SrsMaxAge { get; init; } = TimeSpan.FromDays(21);

    /// <summary>
    /// Characters of the hash, 5 bits each. Default 6: nobody guesses 2^30 at our rate of refused recipients; libsrs2 has 4. A longer one leaves less of a
    /// local-part's 64 octets for the sender, and addresses with one of another length lead back no more.
    /// </summary>
    public int SrsHashCharacters { get; init; } = 6;

    /// <summary>The character behind SRS0 and SRS1: <c>=</c>, <c>+</c> or <c>-</c>. Default <c>=</c>, as libsrs2.</summary>
    public char SrsSeparator { get; init; } = '=';
}
