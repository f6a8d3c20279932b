using MailSuite.Shared.Addressing;

namespace MailSuite.Mua.Journey.Sqlite;

/// <summary>Addresses in one column, one a line: no address contains a line end.</summary>
internal static class AddressLines
{
    internal static string? Write(IReadOnlyList<EnvelopeAddress> addresses) => addresses.Count switch
    {
        0 => null,
        1 => addresses[0].ToString(),
        _ => string.Join('\n', addresses.Take(JourneyStoreLimits.MaxRecipientsKept)),
    };

    internal static IReadOnlyList<string> Read(string? lines) => string.IsNullOrEmpty(lines) ? [] : lines.Split('\n');
}
