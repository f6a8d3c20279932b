using System.Security.Cryptography;
using System.Text;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Forwarding;

/// <summary>The Sender Rewriting Scheme: a sender of another domain as an address of ours that leads back to it (README.md).</summary>
internal sealed class SenderRewriting(MtaOptions options, SrsKeys keys, TimeProvider clock)
{
    private const string Tag0 = "SRS0";
    private const string Tag1 = "SRS1";
    private const string Separators = "=+-";
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int StampCharacters = 2;
    private const int StampRange = 1024;

    private readonly ForwardingOptions _options = options.Forwarding;

    /// <summary>Where rewritten senders are at home.</summary>
    public Domain Domain => _options.SrsDomain ?? options.HostName;

    /// <summary>The address that stands for a sender; <see langword="null"/> when it does not fit into the 64 octets of a local-part (RFC 5321 §4.5.3.1.1).</summary>
    public EnvelopeAddress? Rewrite(EnvelopeAddress sender)
    {
        var local = sender.LocalPart;
        // Who has rewritten already is led back to over its first rewriter, however many there are: SRS1 names that one, and no hop in between.
        if (HasTag(local, Tag1) && local[(Tag1.Length + 1)..].Split('=', 3) is [_, var first, var rest] && HasTag(Tag0 + rest, Tag0) && TryAddress(Tag0 + rest, first, out _))
            return Compose(Tag1, $"{first}={rest}", first, rest);
        if (HasTag(local, Tag0))
            return Compose(Tag1, $"{sender.Domain.Ascii}={local[Tag0.Length..]}", sender.Domain.Ascii, local[Tag0.Length..]);

        var stamp = Stamp(Today());
        return Compose(Tag0, $"{stamp}={sender.Domain.Ascii}={local}", stamp, sender.Domain.Ascii, local);
    }

    /// <summary>Whether an address has the form of a rewritten sender of ours.</summary>
    public bool IsRewritten(EnvelopeAddress address) => (HasTag(address.LocalPart, Tag0) || HasTag(address.LocalPart, Tag1)) && address.Domain.Equals(Domain);

    /// <summary>Whom a rewritten sender stands for; to be asked only of one that <see cref="IsRewritten"/>.</summary>
    public SrsAnswer Read(EnvelopeAddress address)
    {
        var body = address.LocalPart[(Tag0.Length + 1)..];
        return HasTag(address.LocalPart, Tag0) ? ReadFirst(body) : ReadFurther(body);
    }

    private SrsAnswer ReadFirst(string body)
    {
        if (body.Split('=', 4) is not [var hash, var stamp, var domain, var local] || !TryDay(stamp, out var day) || !TryAddress(local, domain, out var sender))
            return new SrsAnswer.Malformed();
        if (!IsOurs(hash, stamp, domain, local))
            return new SrsAnswer.Forged();

        // A day of tolerance ahead: the clock of a host may be put back.
        var age = (Today() - day + StampRange) % StampRange;
        return age <= (int)_options.SrsMaxAge.TotalDays || age == StampRange - 1 ? new SrsAnswer.Sender(sender) : new SrsAnswer.Expired(sender);
    }

    private SrsAnswer ReadFurther(string body)
    {
        if (body.Split('=', 3) is not [var hash, var domain, var rest] || !HasTag(Tag0 + rest, Tag0) || !TryAddress(Tag0 + rest, domain, out var first))
            return new SrsAnswer.Malformed();
        // Its age is the first rewriter's to judge.
        return IsOurs(hash, domain, rest) ? new SrsAnswer.Sender(first) : new SrsAnswer.Forged();
    }

    private EnvelopeAddress? Compose(string tag, string text, params ReadOnlySpan<string> hashed) =>
        EnvelopeAddress.TryCreate($"{tag}{_options.SrsSeparator}{Hash(keys.All[0], _options.SrsHashCharacters, hashed)}={text}", Domain, out var address) ? address : null;

    /// <summary>Whether a hash is one that we made, with whatever key.</summary>
    private bool IsOurs(string hash, params ReadOnlySpan<string> hashed)
    {
        // Hosts on the way may change the case of a local-part.
        var given = Encoding.UTF8.GetBytes(hash.ToUpperInvariant());
        var found = false;
        foreach (var key in keys.All)
            found |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(key, _options.SrsHashCharacters, hashed)), given);
        return found;
    }

    /// <summary>HMAC-SHA256 over the parts in lower case, each ended by NUL, in base 32.</summary>
    private static string Hash(byte[] key, int characters, ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(part.ToLowerInvariant()).Append('\0');
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text.ToString()), hash);
        var digits = new char[characters];
        for (var i = 0; i < characters; i++)
            digits[i] = Base32[hash[i] & 31];
        return new string(digits);
    }

    private static bool HasTag(string localPart, string tag) =>
        localPart.Length > tag.Length && localPart.StartsWith(tag, StringComparison.OrdinalIgnoreCase) && Separators.Contains(localPart[tag.Length], StringComparison.Ordinal);

    private static bool TryAddress(string local, string domain, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EnvelopeAddress? address)
    {
        address = null;
        return Domain.TryParse(domain, out var parsed) && EnvelopeAddress.TryCreate(local, parsed, out address);
    }

    private int Today() => (int)(clock.GetUtcNow().ToUnixTimeSeconds() / 86_400 % StampRange);

    private static string Stamp(int day) => $"{Base32[day >> 5]}{Base32[day & 31]}";

    private static bool TryDay(string stamp, out int day)
    {
        day = 0;
        if (stamp.Length != StampCharacters)
            return false;
        var (high, low) = (Base32.IndexOf(char.ToUpperInvariant(stamp[0]), StringComparison.Ordinal), Base32.IndexOf(char.ToUpperInvariant(stamp[1]), StringComparison.Ordinal));
        day = (high << 5) | low;
        return high >= 0 && low >= 0;
    }
}

/// <summary>What a rewritten address turns out to be.</summary>
internal abstract record SrsAnswer
{
    private SrsAnswer()
    {
    }

    /// <summary>It stands for this address.</summary>
    internal sealed record Sender(EnvelopeAddress Address) : SrsAnswer;

    /// <summary>It was made here, too long ago.</summary>
    internal sealed record Expired(EnvelopeAddress Address) : SrsAnswer;

    /// <summary>It was not made with a key of ours.</summary>
    internal sealed record Forged : SrsAnswer;

    /// <summary>It has the beginning of one, and not the rest.</summary>
    internal sealed record Malformed : SrsAnswer;
}
