using System.Net;
using System.Net.Sockets;

namespace MailSuite.Mda.Accounts;

/// <summary>What one customer of the internet has: an IPv4 address, or the /64 of an IPv6 address. The default is a client without an address.</summary>
internal readonly record struct ClientNetwork(bool IsVersion6, ulong Prefix)
{
    internal static ClientNetwork Of(IPAddress? client)
    {
        if (client is null)
            return default;

        var address = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new ClientNetwork(true, System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(octets))
            : new ClientNetwork(false, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(octets) | 1UL << 32);
    }
}
