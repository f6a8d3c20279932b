namespace MailSuite.Mda.Store.Model;

/// <summary>What IMAP says of a body, as it goes over the wire; derived from the octets.</summary>
internal sealed class BodyWireRow
{
    public long BodyId { get; init; }

    /// <summary>ENVELOPE (RFC 9051 §7.5.2).</summary>
    public required byte[] Envelope { get; init; }

    /// <summary>BODYSTRUCTURE.</summary>
    public required byte[] Structure { get; init; }

    /// <summary>Where its parts lie.</summary>
    public required byte[] Parts { get; init; }
}
