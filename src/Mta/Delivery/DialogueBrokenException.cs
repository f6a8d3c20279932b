using MailSuite.Shared.Status;

namespace MailSuite.Mta.Delivery;

/// <summary>The dialogue with another host cannot go on: it hung up, fell silent, or said what no reply can be. Always temporary.</summary>
internal sealed class DialogueBrokenException(EnhancedStatusCode status, string message, Exception? inner = null) : Exception(message, inner)
{
    public EnhancedStatusCode Status { get; } = status;
}
