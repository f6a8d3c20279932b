using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MailSuite.Mta.Policy;

/// <summary>The addresses that count as one: those of one client, or of its network.</summary>
/// <param name="Bits">The prefix, the rest zero.</param>
/// <param name="IsV4">Whether it is of IPv4.</param>
internal readonly record struct AddressRange(UInt128 Bits, bool IsV4)
{
    /// <summary>An IPv4 address, or the /64 of an IPv6 address, of which one machine has every address (RFC 4291 §2.5.4, RFC 8981).</summary>
    public static AddressRange ClientOf(IPAddress address) => Of(address, v4Length: 32, v6Length: 64);

    /// <summary>The /24 of an IPv4 address, the /48 of an IPv6 address: what one customer of a provider usually has.</summary>
    public static AddressRange NetworkOf(IPAddress address) => Of(address, v4Length: 24, v6Length: 48);

    private static AddressRange Of(IPAddress address, int v4Length, int v6Length)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return new AddressRange(BinaryPrimitives.ReadUInt128BigEndian(octets) & (UInt128.MaxValue << (128 - v6Length)), IsV4: false);
        return new AddressRange(BinaryPrimitives.ReadUInt32BigEndian(octets) & (uint.MaxValue << (32 - v4Length)), IsV4: true);
    }
}
