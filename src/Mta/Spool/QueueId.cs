using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

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

    public static bool TryParse([NotNullWhen(true)] string? text, out QueueId id)
    {
        var good = text is { Length: Length } && text.All(Alphabet.Contains);
        id = good ? new QueueId(text!) : default;
        return good;
    }

    public override string ToString() => Value;
}
