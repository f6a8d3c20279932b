namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>LOGIN: the name, then the password (draft-murchison-sasl-login-00). Obsolete, and still all that some programs can do.</summary>
internal sealed class LoginMechanism(SaslPeer peer) : ISaslMechanism
{
    private const int MaxOctets = 255;
    private const string UserNamePrompt = "VXNlcm5hbWU6"; // Username:
    private const string PasswordPrompt = "UGFzc3dvcmQ6"; // Password:

    private string? _userName;

    public ValueTask<SaslStep> StartAsync() => new(new SaslStep.Challenge(UserNamePrompt));

    public ValueTask<SaslStep> RespondAsync(ReadOnlyMemory<byte> response)
    {
        if (response.Length is 0 or > MaxOctets || response.Span.Contains((byte)0) || !LineReader.TryDecode(response.Span, out var text))
            return new(new SaslStep.Malformed("name and password are UTF-8 of 1 to 255 octets"));

        if (_userName is not null)
            return CheckAsync(_userName, text);

        _userName = text;
        return new(new SaslStep.Challenge(PasswordPrompt));
    }

    private async ValueTask<SaslStep> CheckAsync(string userName, string password) =>
        new SaslStep.Done(await peer.Accounts.AuthenticateAsync(userName, password, peer.Address, CancellationToken.None).ConfigureAwait(false));
}
