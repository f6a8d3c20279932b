using DnsClient;
using DnsClient.Protocol;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Routing;

/// <summary>What one reply of a DNS server means.</summary>
internal static class DnsReply
{
    /// <summary>Aliases followed from a name (RFC 1034 §3.6.2); a longer chain is taken for a loop.</summary>
    public const int MaxAliases = 8;

    /// <summary>The longest that an answer is kept, whatever its time to live.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>The longest that a no is kept (RFC 2308 §5).</summary>
    public static readonly TimeSpan MaxNegativeLifetime = TimeSpan.FromHours(3);

    /// <summary>How long a server in trouble is not asked the same again (RFC 9520 §3.2: at least 1 s, and 5 min at most).</summary>
    public static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(1);

    /// <summary>Reads the records that belong to a name, by way of its aliases.</summary>
    /// <returns>The answer, how long it holds, and the alias that is still to be followed: the server has not done it.</returns>
    public static (DnsAnswer<T> Answer, TimeSpan Lifetime, string? Alias) Read<T>(IDnsQueryResponse response, DnsKey question, Func<DnsResourceRecord, T?> read)
        where T : class
    {
        if (response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain)
            return (new DnsAnswer<T>.NoSuchName(), NegativeLifetime(response), null);
        if (response.HasError)
            return Unknown<T>($"The DNS server {response.NameServer} answered {response.Header.ResponseCode} for {question.Type} of {question.Name}.");

        var (name, aliases, lifetime) = (question.Name, 0, MaxLifetime);
        while (response.Answers.OfType<CNameRecord>().FirstOrDefault(alias => Is(alias, name)) is { } alias && question.Type != QueryType.CNAME)
        {
            if (++aliases > MaxAliases)
                return Unknown<T>($"The aliases (CNAME) of {question.Name} lead nowhere.");
            name = NameOf(alias.CanonicalName).ToLowerInvariant();
            lifetime = Least(lifetime, alias);
        }

        // Records of other names are no answer, whoever put them there.
        var records = new List<T>();
        foreach (var record in response.Answers.Where(record => Is(record, name)))
        {
            if (read(record) is not { } value)
                continue;
            records.Add(value);
            lifetime = Least(lifetime, record);
        }

        if (records.Count > 0)
            return (new DnsAnswer<T>.Found(records), lifetime, null);
        if (IsReferral(response))
            return Unknown<T>($"The DNS server {response.NameServer} knows nothing of {question.Name} and asks nobody else: it is no resolver.");
        var hasSoa = response.Authorities.OfType<SoaRecord>().Any();
        return (new DnsAnswer<T>.NoRecords(), NegativeLifetime(response), aliases > 0 && !hasSoa ? name : null);
    }

    public static (DnsAnswer<T> Answer, TimeSpan Lifetime, string? Alias) Unknown<T>(string reason) => (new DnsAnswer<T>.Unknown(reason), FailureLifetime, null);

    private static bool Is(DnsResourceRecord record, string name) => NameOf(record.DomainName).Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>In A-labels; the library tells some names in U-labels.</summary>
    private static string NameOf(DnsString name)
    {
        var text = name.Value.TrimEnd('.');
        return !System.Text.Ascii.IsValid(text) && Domain.TryParse(text, out var domain) ? domain.Ascii : text;
    }

    /// <summary>Other servers instead of an answer (RFC 2308 §2.2): "no records" would be our invention.</summary>
    private static bool IsReferral(IDnsQueryResponse response) =>
        !response.Header.HasAuthorityAnswer && !response.Authorities.OfType<SoaRecord>().Any() && (response.Authorities.OfType<NsRecord>().Any() || !response.Header.RecursionAvailable);

    /// <summary>By the SOA of the zone; without one a no holds for no time at all (RFC 2308 §5).</summary>
    private static TimeSpan NegativeLifetime(IDnsQueryResponse response) =>
        response.Authorities.OfType<SoaRecord>().FirstOrDefault() is { } soa
            ? TimeSpan.FromSeconds(Math.Min(Math.Min((long)soa.InitialTimeToLive, soa.Minimum), (long)MaxNegativeLifetime.TotalSeconds))
            : TimeSpan.Zero;

    private static TimeSpan Least(TimeSpan lifetime, DnsResourceRecord record)
    {
        var its = TimeSpan.FromSeconds(record.InitialTimeToLive);
        return its < lifetime ? its : lifetime;
    }
}
