using System.Globalization;

namespace MailSuite.Mta.Delivery;

/// <summary>What a host offers in its answer to EHLO (RFC 5321 §4.1.1.1).</summary>
internal sealed record ServerExtensions
{
    /// <summary>What a host offers that knows only HELO.</summary>
    public static readonly ServerExtensions None = new();

    public bool Pipelining { get; private init; }

    public bool EightBitMime { get; private init; }

    public bool Chunking { get; private init; }

    public bool BinaryMime { get; private init; }

    /// <summary>Whether a message of any octets can go to it; BINARYMIME is nothing without CHUNKING (RFC 3030 §3).</summary>
    public bool TakesBinary => Chunking && BinaryMime;

    public bool SmtpUtf8 { get; private init; }

    public bool StartTls { get; private init; }

    public bool Size { get; private init; }

    /// <summary>The largest message in octets that it takes (RFC 1870 §4); 0 when it does not say.</summary>
    public long MaxOctets { get; private init; }

    public bool Dsn { get; private init; }

    public bool DeliverBy { get; private init; }

    /// <summary>The least time in seconds that it takes with by-mode R (RFC 2852 §2); 0 when it does not say.</summary>
    public long MinDeliverBySeconds { get; private init; }

    public bool Priority { get; private init; }

    /// <summary>The SASL mechanisms that it offers (RFC 4954 §3), in capitals.</summary>
    public IReadOnlyList<string> Mechanisms { get; private init; } = [];

    /// <summary>MAILMAX: transactions in one session (RFC 9422 §5.1); 0 when it does not say, as for the next two.</summary>
    public long MaxTransactions { get; private init; }

    /// <summary>RCPTMAX: recipients in one transaction (RFC 9422 §5.2).</summary>
    public long MaxRecipients { get; private init; }

    /// <summary>RCPTDOMAINMAX: different domains of recipients in one session (RFC 9422 §5.3).</summary>
    public long MaxDomains { get; private init; }

    /// <param name="lines">The texts of the reply; the first is the host's name and a greeting.</param>
    public static ServerExtensions Read(IReadOnlyList<string> lines)
    {
        var offered = None;
        foreach (var line in lines.Skip(1))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            offered = words.FirstOrDefault()?.ToUpperInvariant() switch
            {
                "PIPELINING" => offered with { Pipelining = true },
                "8BITMIME" => offered with { EightBitMime = true },
                "CHUNKING" => offered with { Chunking = true },
                "BINARYMIME" => offered with { BinaryMime = true },
                "SMTPUTF8" => offered with { SmtpUtf8 = true },
                "STARTTLS" => offered with { StartTls = true },
                "SIZE" => offered with { Size = true, MaxOctets = NumberOf(words) },
                "DSN" => offered with { Dsn = true },
                "DELIVERBY" => offered with { DeliverBy = true, MinDeliverBySeconds = NumberOf(words) },
                "MT-PRIORITY" => offered with { Priority = true },
                "AUTH" => offered with { Mechanisms = [.. words.Skip(1).Select(word => word.ToUpperInvariant())] },
                "LIMITS" => offered.Limited(words),
                _ => offered,
            };
        }

        return offered;
    }

    /// <summary>RFC 9422 §4: limits that are not known, or are no number, are passed over.</summary>
    private ServerExtensions Limited(string[] words)
    {
        var offered = this;
        foreach (var word in words.Skip(1))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !long.TryParse(word.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var most) || most == 0)
                continue;
            offered = word[..equals].ToUpperInvariant() switch
            {
                "MAILMAX" => offered with { MaxTransactions = most },
                "RCPTMAX" => offered with { MaxRecipients = most },
                "RCPTDOMAINMAX" => offered with { MaxDomains = most },
                _ => offered,
            };
        }

        return offered;
    }

    private static long NumberOf(string[] words) => words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
