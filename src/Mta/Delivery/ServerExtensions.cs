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
                _ => offered,
            };
        }

        return offered;
    }

    private static long NumberOf(string[] words) => words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
