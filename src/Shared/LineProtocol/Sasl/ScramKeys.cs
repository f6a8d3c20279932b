using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 §3, RFC 7677): enough to check a proof, not enough to make one.</summary>
/// <remarks>As text in the form of RFC 5803: <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>.</remarks>
public sealed record ScramKeys(ReadOnlyMemory<byte> Salt, int Iterations, ReadOnlyMemory<byte> StoredKey, ReadOnlyMemory<byte> ServerKey)
{
    public const int KeyOctets = SHA256.HashSizeInBytes;

    public const int SaltOctets = 16;

    /// <summary>
    /// Rounds of PBKDF2 for new keys. RFC 7677 §4 asks for 4,096 at least and for as many as clients can bear; the client of Cyrus SASL,
    /// which Postfix and others use, refuses more than 65,536.
    /// </summary>
    public const int DefaultIterations = 50_000;

    /// <summary>RFC 7677 §4.</summary>
    public const int MinIterations = 4096;

    private const int MaxIterations = 10_000_000;
    private const int MaxEncodedOctets = 128;
    private const string Scheme = "SCRAM-SHA-256";

    /// <summary>Derives keys with a new salt; about 20 ms of a processor.</summary>
    /// <returns><see langword="false"/> when SASLprep does not allow the password.</returns>
    public static bool TryDerive(string password, [NotNullWhen(true)] out ScramKeys? keys) =>
        TryDerive(password, RandomNumberGenerator.GetBytes(SaltOctets), DefaultIterations, out keys);

    public static bool TryDerive(string password, ReadOnlyMemory<byte> salt, int iterations, [NotNullWhen(true)] out ScramKeys? keys)
    {
        keys = null;
        if (!SaslPrep.TryPrepare(password, out var prepared))
            return false;

        // Hi() of RFC 5802 §2.2 is PBKDF2 with HMAC.
        Span<byte> salted = stackalloc byte[KeyOctets];
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(prepared), salt.Span, salted, iterations, HashAlgorithmName.SHA256);
        Span<byte> clientKey = stackalloc byte[KeyOctets];
        HMACSHA256.HashData(salted, "Client Key"u8, clientKey);
        keys = new ScramKeys(salt, iterations, SHA256.HashData(clientKey), HMACSHA256.HashData(salted, "Server Key"u8));
        return true;
    }

    /// <summary>Whether the proof is that of somebody who knows the password.</summary>
    public bool Verify(ReadOnlySpan<byte> authMessage, ReadOnlySpan<byte> clientProof)
    {
        if (clientProof.Length != KeyOctets)
            return false;

        Span<byte> clientKey = stackalloc byte[KeyOctets];
        HMACSHA256.HashData(StoredKey.Span, authMessage, clientKey);
        for (var i = 0; i < KeyOctets; i++)
            clientKey[i] ^= clientProof[i];

        Span<byte> storedKey = stackalloc byte[KeyOctets];
        SHA256.HashData(clientKey, storedKey);
        return CryptographicOperations.FixedTimeEquals(storedKey, StoredKey.Span);
    }

    /// <summary>What proves to the client that we know its key.</summary>
    public byte[] Sign(ReadOnlySpan<byte> authMessage) => HMACSHA256.HashData(ServerKey.Span, authMessage);

    public static bool TryParse(string text, [NotNullWhen(true)] out ScramKeys? keys)
    {
        keys = null;
        if (text.Split('$') is not [Scheme, var costs, var pair] || costs.Split(':') is not [var count, var salt] || pair.Split(':') is not [var stored, var server])
            return false;

        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < MinIterations or > MaxIterations)
            return false;

        if (!TryDecode(salt, out var saltOctets) || !TryDecode(stored, out var storedKey) || !TryDecode(server, out var serverKey))
            return false;

        if (saltOctets.Length == 0 || storedKey.Length != KeyOctets || serverKey.Length != KeyOctets)
            return false;

        keys = new ScramKeys(saltOctets, iterations, storedKey, serverKey);
        return true;
    }

    /// <summary>The text to store. It is a secret: who has it can guess passwords at leisure, and can play the server.</summary>
    public string ToStoredText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Scheme}${Iterations}:{Convert.ToBase64String(Salt.Span)}${Convert.ToBase64String(StoredKey.Span)}:{Convert.ToBase64String(ServerKey.Span)}");

    public override string ToString() => $"{Scheme} keys, {Iterations} iterations";

    private static bool TryDecode(string text, out byte[] octets)
    {
        octets = new byte[text.Length];
        if (text.Length > MaxEncodedOctets || !Convert.TryFromBase64String(text, octets, out var written))
            return false;
        octets = octets[..written];
        return true;
    }
}
