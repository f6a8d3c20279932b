using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Delivery;

/// <summary>What one session with one host did, for the journey.</summary>
/// <param name="Peer">Name, address and port.</param>
/// <param name="Results">What was decided in it; empty when it did not come to a transaction.</param>
internal sealed record SessionReport(string Peer, TlsFacts? Tls, IReadOnlyList<RecipientResult> Results, IReadOnlyList<TranscriptLine> Dialogue)
{
    /// <summary>What protected it, and why not more: a clause.</summary>
    public required string Security { get; init; }
}
