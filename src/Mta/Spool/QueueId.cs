using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mta.Spool;

/// <summary>Names one accepted message in logs, in our 250 and in our Received field. Ids made later sort later.</summary>
/// <param name="Value">16 characters of Crockford's base 32: 9 of milliseconds since 1970, 7 random.</param>
internal readonly record struct QueueId(string Value)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 16;
    private const int TimeCharacters = 9;

    public static QueueId New(TimeProvider clock) => new(string.Create(Length, clock.GetUtcNow().ToUnixTimeMilliseconds(), static (target, milliseconds) =>
    {
        for (var i = TimeCharacters - 1; i >= 0; i--, milliseconds >>= 5)
            target[i] = Alphabet[(int)(milliseconds & 31)];
        RandomNumberGenerator.GetItems(Alphabet, target[TimeCharacters..]);
    }));

    /// <summary>The id of one part of a hand-over; the same for the same hand-over, so that repeating it names the same message.</summary>
    public static QueueId Of(DeliveryId delivery, int part)
    {
        Span<byte> seed = stackalloc byte[20];
        delivery.Value.TryWriteBytes(seed, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(seed[16..], part);
        return OfSeed(seed);
    }

    /// <summary>As <see cref="Of(DeliveryId, int)"/>, of a part that has a name.</summary>
    public static QueueId Of(DeliveryId delivery, string part)
    {
        var seed = new byte[16 + Encoding.UTF8.GetByteCount(part)];
        delivery.Value.TryWriteBytes(seed, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(part, seed.AsSpan(16));
        return OfSeed(seed);
    }

    private static QueueId OfSeed(ReadOnlySpan<byte> seed)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(seed, hash);

        // The delivery's id begins with its 48 bits of milliseconds (RFC 9562 §5.7).
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(seed) >>> 16;
        Span<char> text = stackalloc char[Length];
        for (var i = TimeCharacters - 1; i >= 0; i--, milliseconds >>= 5)
            text[i] = Alphabet[(int)(milliseconds & 31)];
        for (var i = TimeCharacters; i < Length; i++)
            text[i] = Alphabet[hash[i] & 31];
        return new QueueId(text.ToString());
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out QueueId id)
    {
        var good = text is { Length: Length } && text.All(Alphabet.Contains);
        id = good ? new QueueId(text!) : default;
        return good;
    }

    public override string ToString() => Value;
}
