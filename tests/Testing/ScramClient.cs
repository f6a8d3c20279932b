using System.Security.Cryptography;
using System.Text;

namespace MailSuite.Testing;

/// <summary>The client's side of SCRAM-SHA-256 (RFC 5802), written for the tests from the RFC; every part of it can be made wrong.</summary>
/// <param name="header">gs2-header: <c>n,,</c>, <c>y,,</c> or <c>p=tls-exporter,,</c>.</param>
public sealed class ScramClient(string userName, string password, string header = "n,,", byte[]? binding = null)
{
    private string _serverFirst = "";
    private byte[] _expectedSignature = [];

    public string Nonce { get; set; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(12));

    private string Bare => $"n={userName.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={Nonce}";

    /// <summary>The first message in base64.</summary>
    public string First() => Base64(header + Bare);

    /// <summary>The last message in base64.</summary>
    /// <param name="challenge">The server's first message in base64.</param>
    /// <param name="spoil">Changes the message without its proof before the proof is made.</param>
    public string Final(string challenge, Func<string, string>? spoil = null)
    {
        _serverFirst = Encoding.UTF8.GetString(Convert.FromBase64String(challenge));
        var parts = _serverFirst.Split(',').ToDictionary(part => part[0], part => part[2..]);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(parts['s']), int.Parse(parts['i'], System.Globalization.CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        byte[] bound = [.. Encoding.UTF8.GetBytes(header), .. binding ?? []];
        var withoutProof = $"c={Convert.ToBase64String(bound)},r={parts['r']}";
        withoutProof = spoil?.Invoke(withoutProof) ?? withoutProof;

        var authMessage = Encoding.UTF8.GetBytes($"{Bare},{_serverFirst},{withoutProof}");
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        var proof = clientKey.Zip(signature, (a, b) => (byte)(a ^ b)).ToArray();
        _expectedSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        return Base64($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>Whether the server knows the key too.</summary>
    public bool Believes(string challenge) => Encoding.UTF8.GetString(Convert.FromBase64String(challenge)) == $"v={Convert.ToBase64String(_expectedSignature)}";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
