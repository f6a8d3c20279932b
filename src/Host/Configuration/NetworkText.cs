using System.Net;

namespace MailSuite.Host.Configuration;

/// <summary>How networks of peers are written: <c>10.0.0.0/8</c>, and an address alone for a network of one.</summary>
internal static class NetworkText
{
    public const string What = "an IP address or a network";
    public const string Example = "10.0.0.0/8";

    public static bool TryParse(ReadOnlySpan<char> text, out IPNetwork network)
    {
        if (!IPAddress.TryParse(text, out var address))
            return IPNetwork.TryParse(text, out network);
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, and not everybody: who relays for everybody is an open relay within hours.</summary>
    public static bool TryParsePart(ReadOnlySpan<char> text, out IPNetwork network) => TryParse(text, out network) && network.PrefixLength > 0;
}
