using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Mta.Delivery;

/// <summary>The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677): proves that we know the password, and sees whether the host does.</summary>
/// <param name="bindings">What the exchange is bound to; <see cref="ChannelBindings.None"/> without TLS.</param>
/// <param name="binds">Whether it is bound (SCRAM-SHA-256-PLUS).</param>
internal sealed class ScramExchange(RelayCredentials credentials, ChannelBindings bindings, bool binds)
{
    /// <summary>Rounds that a host may ask for: below RFC 7677 §4 a listener would guess too fast, above it is us whom they cost too much.</summary>
    private const int MaxIterations = 1_000_000;

    private const int NonceOctets = 18;

    private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceOctets));
    private byte[] _serverSignature = [];

    private string? BindingType =>
        bindings.TryGet(ChannelBindings.TlsExporter, out _) ? ChannelBindings.TlsExporter
        : bindings.TryGet(ChannelBindings.TlsServerEndPoint, out _) ? ChannelBindings.TlsServerEndPoint
        : null;

    private string Header => binds ? $"p={BindingType},," : BindingType is null ? "n,," : "y,,";

    private string Bare => $"n={credentials.UserName.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={_nonce}";

    public string First() => Header + Bare;

    /// <returns>The last message; <see langword="null"/> when the host's makes no sense, or the password cannot be prepared.</returns>
    public string? Final(string serverFirst)
    {
        // "r=" nonce "," "s=" salt "," "i=" iterations [ "," extensions ]; "m=" in front would demand what we do not know.
        var parts = serverFirst.Split(',');
        if (parts.Length < 3 || !parts[0].StartsWith($"r={_nonce}", StringComparison.Ordinal) || parts[0].Length == _nonce.Length + 2
            || !parts[1].StartsWith("s=", StringComparison.Ordinal) || !parts[2].StartsWith("i=", StringComparison.Ordinal)
            || !TryBase64(parts[1][2..], out var salt)
            || !int.TryParse(parts[2].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < ScramKeys.MinIterations or > MaxIterations
            || !SaslPrep.TryPrepare(credentials.Password, out var password))
            return null;

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var withoutProof = $"c={Convert.ToBase64String(Bound())},{parts[0]}";
        var authMessage = Encoding.UTF8.GetBytes($"{Bare},{serverFirst},{withoutProof}");
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= clientKey[i];

        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>Whether the host has shown that it knows the password's keys: without that anybody could play it.</summary>
    public bool Believes(string serverFinal) =>
        _serverSignature.Length > 0 && serverFinal.StartsWith("v=", StringComparison.Ordinal) && TryBase64(serverFinal.Split(',')[0][2..], out var signature)
        && CryptographicOperations.FixedTimeEquals(signature, _serverSignature);

    private byte[] Bound()
    {
        var header = Encoding.UTF8.GetBytes(Header);
        return binds && bindings.TryGet(BindingType!, out var octets) ? [.. header, .. octets.Span] : header;
    }

    private static bool TryBase64(string text, out byte[] octets)
    {
        octets = new byte[text.Length];
        if (text.Length == 0 || !Convert.TryFromBase64String(text, octets, out var written))
            return false;
        octets = octets[..written];
        return true;
    }
}
