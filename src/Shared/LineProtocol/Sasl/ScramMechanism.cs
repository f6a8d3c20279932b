using System.Security.Cryptography;
using System.Text;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677): the client proves that it knows the password, and we that we know it too.</summary>
/// <param name="plus">Whether the client chose the mechanism that binds to the channel.</param>
internal sealed class ScramMechanism(SaslPeer peer, bool plus) : ISaslMechanism
{
    private const int NonceOctets = 18;

    private ScramClientFirst? _first;
    private byte[] _expectedBinding = [];
    private string _nonce = "";
    private string _serverFirst = "";
    private AuthenticationOutcome.Accepted? _accepted;

    public ValueTask<SaslStep> StartAsync() => new(new SaslStep.Challenge(""));

    public ValueTask<SaslStep> RespondAsync(ReadOnlyMemory<byte> response) =>
        _accepted is not null ? new(Finish(response.Span))
        : _first is null ? BeginAsync(response)
        : ProveAsync(response);

    private async ValueTask<SaslStep> BeginAsync(ReadOnlyMemory<byte> response)
    {
        if (!ScramClientFirst.TryParse(response.Span, out var first, out var problem))
            return new SaslStep.Malformed(problem);

        if (Bind(first) is { } refusal)
            return refusal;

        // RFC 5802 §5.1: a name that cannot be prepared is no name of ours.
        if (!SaslPrep.TryPrepare(first.UserName, out var userName))
            return new SaslStep.Done(new AuthenticationOutcome.Refused());

        // Nobody acts for somebody else here.
        if (first.AuthorizationId.Length > 0 && first.AuthorizationId != first.UserName)
            return new SaslStep.Done(new AuthenticationOutcome.Refused());

        if (await peer.Accounts.FindScramSaltAsync(userName, CancellationToken.None).ConfigureAwait(false) is not { } salt)
            return new SaslStep.Done(new AuthenticationOutcome.Unavailable("The keys of SCRAM cannot be read."));

        _first = first with { UserName = userName };
        _nonce = first.Nonce + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceOctets));
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(salt.Salt.Span)},i={salt.Iterations}";
        return Challenge(_serverFirst);
    }

    /// <summary>RFC 5802 §6: what the client says of channel binding must agree with the mechanism and with what we offered.</summary>
    private SaslStep? Bind(ScramClientFirst first)
    {
        if (plus != (first.Flag == ChannelBindingFlag.Used))
            return new SaslStep.Malformed(plus ? "this mechanism needs a channel binding" : "this mechanism has no channel binding; choose the one that ends with PLUS");

        if (first.Flag == ChannelBindingFlag.NotOffered && peer.OffersPlus)
            return new SaslStep.Refused("this server does offer channel binding, and your client was told otherwise: somebody may stand between");

        ReadOnlyMemory<byte> channel = default;
        if (plus && !peer.Bindings.TryGet(first.BindingType!, out channel))
            return new SaslStep.Refused($"the channel binding {first.BindingType} is not available here; known are {peer.Bindings}");

        _expectedBinding = [.. Encoding.UTF8.GetBytes(first.Header), .. channel.Span];
        return null;
    }

    private async ValueTask<SaslStep> ProveAsync(ReadOnlyMemory<byte> response)
    {
        if (!ScramClientFinal.TryParse(response.Span, out var final))
            return new SaslStep.Malformed("the last message of SCRAM is malformed");

        if (final.Nonce != _nonce)
            return new SaslStep.Refused("the nonce is not the one of this exchange");

        if (!CryptographicOperations.FixedTimeEquals(final.Binding, _expectedBinding))
            return new SaslStep.Refused("the channel binding is not that of this connection: somebody may stand between");

        var authMessage = Encoding.UTF8.GetBytes($"{_first!.Bare},{_serverFirst},{final.WithoutProof}");
        var outcome = await peer.Accounts.AuthenticateAsync(_first.UserName, new ScramProof(authMessage, final.Proof), peer.Address, CancellationToken.None).ConfigureAwait(false);
        if (outcome is not AuthenticationOutcome.Accepted accepted)
            return new SaslStep.Done(outcome);

        _accepted = accepted;
        return Challenge($"v={Convert.ToBase64String(accepted.ServerSignature.Span)}");
    }

    /// <summary>Our proof was the last challenge; what answers it is empty (RFC 4954 §4, RFC 4422 §3.6).</summary>
    private SaslStep Finish(ReadOnlySpan<byte> response) =>
        response.IsEmpty ? new SaslStep.Done(_accepted!) : new SaslStep.Malformed("the exchange is over; an empty response ends it");

    private static SaslStep.Challenge Challenge(string message) => new(Convert.ToBase64String(Encoding.UTF8.GetBytes(message)));
}
