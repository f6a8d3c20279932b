namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>LOGIN: the name, then the password (draft-murchison-sasl-login-00). Obsolete, and still all that some programs can do.</summary>
internal sealed class LoginMechanism : ISaslMechanism
{
    private const int MaxOctets = 255;
    private const string UserNamePrompt = "VXNlcm5hbWU6"; // Username:
    private const string PasswordPrompt = "UGFzc3dvcmQ6"; // Password:

    private string? _userName;

    public SaslStep Start() => new SaslStep.Challenge(UserNamePrompt);

    public SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (response.Length is 0 or > MaxOctets || response.Contains((byte)0) || !LineReader.TryDecode(response, out var text))
            return new SaslStep.Malformed("name and password are UTF-8 of 1 to 255 octets");

        if (_userName is not null)
            return new SaslStep.Credentials("", _userName, text);

        _userName = text;
        return new SaslStep.Challenge(PasswordPrompt);
    }
}
