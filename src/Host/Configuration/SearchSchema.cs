using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.Configuration;

/// <summary>The settings of the full-text index: <c>Mda:Search</c>.</summary>
internal static class SearchSchema
{
    private const long KiB = 1024;

    public static SearchOptions Read(SettingsReader reader, SearchOptions d) => d with
    {
        MaxTextOctets = (int)reader.Octets("Mda:Search:MaxTextOctets", d.MaxTextOctets, KiB, 256 * KiB * KiB),
    };
}
