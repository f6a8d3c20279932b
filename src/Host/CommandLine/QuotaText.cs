using System.Globalization;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Host.CommandLine;

/// <summary>Quotas of one account as people read them and <c>account quota</c> reads them.</summary>
internal static class QuotaText
{
    public static string Octets(long? octets) => octets switch
    {
        null => "default",
        0 => "none",
        { } limit => Quantities.Octets(limit),
    };

    public static string Messages(long? messages) => messages switch
    {
        null => "default",
        0 => "none",
        { } limit => limit.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Both as a clause.</summary>
    public static string Of(OwnQuota quota) => quota is { Octets: null, Messages: null } ? "what the configuration says" : $"octets: {Octets(quota.Octets)}, messages: {Messages(quota.Messages)}";
}
