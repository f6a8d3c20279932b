using System.Diagnostics.CodeAnalysis;
using MailSuite.Shared.LineProtocol.Sasl;

namespace MailSuite.Host.Configuration;

/// <summary>The mechanisms by which people sign in to a protocol.</summary>
internal static class MechanismSchema
{
    /// <remarks>SCRAM needs to know the password, so where any is right it is not there to be asked for.</remarks>
    public static IReadOnlyList<string> Read(SettingsReader reader, string key, Profile profile)
    {
        var all = profile == Profile.Development ? SaslMechanisms.ByPassword : SaslMechanisms.All;
        return reader.List<string>(key, all, TryMechanism, $"one of {string.Join(", ", all)}", all[0], maxCount: 16);

        bool TryMechanism(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? mechanism)
        {
            var name = text.ToString();
            mechanism = all.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
            return mechanism is not null;
        }
    }
}
