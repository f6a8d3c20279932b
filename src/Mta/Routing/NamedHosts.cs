using System.Globalization;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Routing;

/// <summary>Next hosts that the settings or a person name, whatever the DNS says of a recipient's domain.</summary>
/// <param name="Lane">The same for all mail that goes this way, and no domain's name.</param>
/// <param name="Hosts">In the order in which to try them; at least one.</param>
/// <param name="UseMx">Whether each host stands for those that its MX records name.</param>
internal sealed record NamedHosts(string Lane, Transport Transport, IReadOnlyList<MxHost> Hosts, bool UseMx)
{
    /// <summary>The transport of hosts that a person has named for some mail.</summary>
    private const string OrderName = "order";

    public static NamedHosts Of(TransportOptions options)
    {
        var transport = new Transport(options.Name, options.Port)
        {
            Protocol = options.Protocol,
            UnixSocket = options.UnixSocket,
            ImplicitTls = options.ImplicitTls,
            Tls = options.Tls,
            Credentials = options.Credentials,
            SourceAddresses = options.SourceAddresses,
            MaxConcurrency = options.MaxConcurrency,
        };
        IReadOnlyList<MxHost> hosts = options.UnixSocket is { } path ? [new MxHost(path, null)] : [.. options.Hosts.Select(HostOf)];
        return new NamedHosts($"transport:{options.Name.ToLowerInvariant()}", transport, hosts, options.UseMx);
    }

    public static NamedHosts Of(NextHop hop, int port) =>
        new(string.Create(CultureInfo.InvariantCulture, $"host:{hop}"), new Transport(OrderName, port), [HostOf(hop)], UseMx: false);

    private static MxHost HostOf(NextHop hop) => new(hop.Host.Ascii, hop.Host.Address) { Port = hop.Port };
}
