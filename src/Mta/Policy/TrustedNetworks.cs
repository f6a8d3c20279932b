using System.Net;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Policy;

/// <summary>Whose clients are spared what keeps strangers in check (<see cref="StrictnessOptions.TrustedNetworks"/>).</summary>
internal sealed class TrustedNetworks(MtaOptions options)
{
    private readonly IPNetwork[] _networks = [.. options.Strictness.TrustedNetworks];

    /// <param name="address">Without IPv4-mapped forms; <see langword="null"/> where the transport has none, which only programs of this machine can use.</param>
    public bool Contains(IPAddress? address)
    {
        if (address is null)
            return true;

        foreach (var network in _networks)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }
}
