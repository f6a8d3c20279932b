using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Queue;

/// <summary>What the queue has to know of an attempt.</summary>
/// <param name="Failed">Whether recipients have failed and wait for their report.</param>
/// <param name="Dialogue">The protocol lines of the failure, for the journey.</param>
internal readonly record struct AttemptResult(bool Failed, IReadOnlyList<TranscriptLine> Dialogue)
{
    public static readonly AttemptResult Nothing = new(false, []);
}
