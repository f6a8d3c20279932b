namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>The server's side of one mechanism, for one exchange.</summary>
internal interface ISaslMechanism
{
    /// <summary>The client sent no initial response.</summary>
    SaslStep Start();

    SaslStep Respond(ReadOnlySpan<byte> response);
}
