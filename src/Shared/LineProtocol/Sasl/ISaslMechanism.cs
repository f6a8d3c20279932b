namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>The server's side of one mechanism, for one exchange.</summary>
internal interface ISaslMechanism
{
    /// <summary>The client sent no initial response.</summary>
    ValueTask<SaslStep> StartAsync();

    ValueTask<SaslStep> RespondAsync(ReadOnlyMemory<byte> response);
}
