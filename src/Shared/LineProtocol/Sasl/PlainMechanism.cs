namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>PLAIN: <c>[authzid] NUL authcid NUL passwd</c> in UTF-8, each at most 255 octets (RFC 4616 §2).</summary>
internal sealed class PlainMechanism : ISaslMechanism
{
    private const int MaxOctets = 255;

    public SaslStep Start() => new SaslStep.Challenge("");

    public SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (response.Count((byte)0) != 2)
            return new SaslStep.Malformed("PLAIN has three parts, separated by NUL");

        var first = response.IndexOf((byte)0);
        var second = first + 1 + response[(first + 1)..].IndexOf((byte)0);
        var authorizationId = response[..first];
        var userName = response[(first + 1)..second];
        var password = response[(second + 1)..];
        if (userName.IsEmpty || password.IsEmpty || authorizationId.Length > MaxOctets || userName.Length > MaxOctets || password.Length > MaxOctets)
            return new SaslStep.Malformed("name and password have 1 to 255 octets");

        return LineReader.TryDecode(authorizationId, out var authzid) && LineReader.TryDecode(userName, out var authcid) && LineReader.TryDecode(password, out var passwd)
            ? new SaslStep.Credentials(authzid, authcid, passwd)
            : new SaslStep.Malformed("name and password are UTF-8");
    }
}
