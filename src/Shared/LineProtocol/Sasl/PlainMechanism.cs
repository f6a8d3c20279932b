using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>PLAIN: <c>[authzid] NUL authcid NUL passwd</c> in UTF-8, each at most 255 octets (RFC 4616 §2).</summary>
internal sealed class PlainMechanism(SaslPeer peer) : ISaslMechanism
{
    private const int MaxOctets = 255;

    public ValueTask<SaslStep> StartAsync() => new(new SaslStep.Challenge(""));

    public ValueTask<SaslStep> RespondAsync(ReadOnlyMemory<byte> response)
    {
        if (Read(response.Span, out var authzid, out var authcid, out var password) is { } problem)
            return new(new SaslStep.Malformed(problem));

        // Nobody acts for somebody else here (RFC 4616 §2: authorization identity).
        return authzid.Length > 0 && authzid != authcid ? new(new SaslStep.Done(new AuthenticationOutcome.Refused())) : CheckAsync(authcid, password);
    }

    private async ValueTask<SaslStep> CheckAsync(string userName, string password) =>
        new SaslStep.Done(await peer.Accounts.AuthenticateAsync(userName, password, peer.Address, CancellationToken.None).ConfigureAwait(false));

    /// <returns>What is wrong with it; <see langword="null"/> when nothing is.</returns>
    private static string? Read(ReadOnlySpan<byte> response, out string authzid, out string authcid, out string password)
    {
        authzid = authcid = password = "";
        if (response.Count((byte)0) != 2)
            return "PLAIN has three parts, separated by NUL";

        var first = response.IndexOf((byte)0);
        var second = first + 1 + response[(first + 1)..].IndexOf((byte)0);
        var authorizationId = response[..first];
        var userName = response[(first + 1)..second];
        var secret = response[(second + 1)..];
        if (userName.IsEmpty || secret.IsEmpty || authorizationId.Length > MaxOctets || userName.Length > MaxOctets || secret.Length > MaxOctets)
            return "name and password have 1 to 255 octets";

        return LineReader.TryDecode(authorizationId, out authzid) && LineReader.TryDecode(userName, out authcid) && LineReader.TryDecode(secret, out password)
            ? null
            : "name and password are UTF-8";
    }
}
