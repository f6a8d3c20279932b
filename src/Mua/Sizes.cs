using System.Globalization;

namespace MailSuite.Mua;

/// <summary>Octets as people read them.</summary>
internal static class Sizes
{
    internal static string Text(long octets) => octets switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{octets} bytes"),
        < 1000 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1024.0:0.#} KB"),
        < 1000L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{octets / (1024.0 * 1024):0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{octets / (1024.0 * 1024 * 1024):0.#} GB"),
    };
}
