using MailSuite.Shared.Status;

namespace MailSuite.Mta.Spool;

/// <summary>The spool's disk is full, locked or broken: a 4.x.x for the client, never a loss.</summary>
internal sealed class SpoolUnavailableException(EnhancedStatusCode status, string message, Exception? inner) : Exception(message, inner)
{
    public EnhancedStatusCode Status { get; } = status;
}
