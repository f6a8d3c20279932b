using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace MailSuite.Mda.Accounts;

/// <summary>A password's Argon2id hash (RFC 9106) as a PHC string: <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>.</summary>
internal sealed record Argon2idHash(int MemoryKiB, int Iterations, int Lanes, byte[] Salt, byte[] Hash)
{
    /// <summary>19 MiB, 2 passes, 1 lane: about 100 ms of one processor.</summary>
    private const int DefaultMemoryKiB = 19 * 1024;
    private const int DefaultIterations = 2;
    private const int DefaultLanes = 1;
    private const int SaltOctets = 16;
    private const int HashOctets = 32;

    /// <summary>A stored string may ask for this much at most, so that no row can take the machine's memory.</summary>
    private const int MaxMemoryKiB = 256 * 1024;
    private const int MaxIterations = 16;
    private const int MaxLanes = 16;
    private const int MaxEncodedOctets = 128;

    /// <summary>Whether a hash made today would be made with other costs.</summary>
    internal bool IsOutdated => (MemoryKiB, Iterations, Lanes, Hash.Length) != (DefaultMemoryKiB, DefaultIterations, DefaultLanes, HashOctets);

    /// <summary>Hashes with today's costs and a new salt.</summary>
    internal static Argon2idHash Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltOctets);
        return new Argon2idHash(DefaultMemoryKiB, DefaultIterations, DefaultLanes, salt, Compute(password, salt, DefaultMemoryKiB, DefaultIterations, DefaultLanes, HashOctets));
    }

    internal bool Matches(string password) =>
        CryptographicOperations.FixedTimeEquals(Compute(password, Salt, MemoryKiB, Iterations, Lanes, Hash.Length), Hash);

    internal static bool TryParse(string text, [NotNullWhen(true)] out Argon2idHash? hash)
    {
        hash = null;
        if (text.Split('$') is not ["", "argon2id", "v=19", var costs, var salt, var octets] || costs.Split(',') is not [var m, var t, var p])
            return false;

        if (!TryCost(m, "m=", 8, MaxMemoryKiB, out var memory) || !TryCost(t, "t=", 1, MaxIterations, out var iterations) || !TryCost(p, "p=", 1, MaxLanes, out var lanes))
            return false;

        if (!TryDecode(salt, out var saltOctets) || !TryDecode(octets, out var hashOctets) || saltOctets.Length < 8 || hashOctets.Length < 16)
            return false;

        hash = new Argon2idHash(memory, iterations, lanes, saltOctets, hashOctets);
        return true;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"$argon2id$v=19$m={MemoryKiB},t={Iterations},p={Lanes}${Encode(Salt)}${Encode(Hash)}");

    private static byte[] Compute(string password, byte[] salt, int memoryKiB, int iterations, int lanes, int length)
    {
        var parameters = new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
            .WithVersion(Argon2Parameters.Version13)
            .WithMemoryAsKB(memoryKiB)
            .WithIterations(iterations)
            .WithParallelism(lanes)
            .WithSalt(salt)
            .Build();
        var generator = new Argon2BytesGenerator();
        generator.Init(parameters);
        var hash = new byte[length];
        generator.GenerateBytes(Encoding.UTF8.GetBytes(password), hash);
        return hash;
    }

    private static bool TryCost(string text, string name, int min, int max, out int cost)
    {
        cost = 0;
        return text.StartsWith(name, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out cost) && cost >= min && cost <= max;
    }

    /// <summary>PHC strings use base64 without padding.</summary>
    private static string Encode(byte[] octets) => Convert.ToBase64String(octets).TrimEnd('=');

    private static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? octets)
    {
        octets = null;
        if (text.Length is 0 or > MaxEncodedOctets || !Base64.IsValid(text.PadRight((text.Length + 3) / 4 * 4, '=')))
            return false;
        octets = Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        return true;
    }
}
