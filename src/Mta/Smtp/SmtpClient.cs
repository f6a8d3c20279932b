using System.Net;

namespace MailSuite.Mta.Smtp;

/// <summary>The other side of a session.</summary>
/// <param name="Address">Where it connects from; <see langword="null"/> where the transport has no IP address.</param>
/// <param name="Name">What it called itself in EHLO or HELO; <see langword="null"/> before.</param>
/// <param name="IsExtended">Whether it said EHLO.</param>
internal sealed record SmtpClient(IPAddress? Address, string? Name, bool IsExtended)
{
    public override string ToString() => $"{Name ?? "unknown"} [{Address?.ToString() ?? "local"}]";
}
