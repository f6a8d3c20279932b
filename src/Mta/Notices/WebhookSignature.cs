using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailSuite.Mta.Notices;

/// <summary>The signature of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body, joined by dots.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The first version, which has a shared secret.</summary>
    private const string Version = "v1,";

    /// <param name="at">Seconds since 1970, by the clock on the wall: receivers refuse what is old.</param>
    public static string Of(ReadOnlySpan<byte> secret, string id, long at, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at}.")));
        hmac.AppendData(body);
        return Version + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
