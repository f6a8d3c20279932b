using System.Buffers.Binary;
using System.Net;
using System.Numerics;

namespace MailSuite.Host.Listening.Proxy;

/// <summary>Version 2: a signature, version and command, family, the length of the rest, addresses, extensions (proxy-protocol.txt §2.2).</summary>
internal static class ProxyHeaderV2
{
    private const int HeadOctets = 16;
    private const int Version2 = 0x20;
    private const int CommandLocal = 0;
    private const int CommandProxy = 1;
    private const int Stream = 1;
    private const int Unspecified = 0;
    private const int IPv4Octets = 4;
    private const int IPv6Octets = 16;
    private const int UnixOctets = 216;
    private const byte TypeCrc32C = 0x03;
    private const int Crc32COctets = 4;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static ProxyOutcome Read(ReadOnlySpan<byte> octets, out ProxyHeader header, out int consumed)
    {
        header = default;
        consumed = 0;
        if (!ProxyHeader.BeginsWith(octets, Signature))
            return ProxyOutcome.Malformed;
        if (octets.Length < HeadOctets)
            return ProxyOutcome.More;

        var (command, family, transport) = (octets[12] - Version2, octets[13] >> 4, octets[13] & 0xF);
        var total = HeadOctets + BinaryPrimitives.ReadUInt16BigEndian(octets[14..]);
        if (command is not (CommandLocal or CommandProxy) || total > ProxyHeader.MaxOctets)
            return ProxyOutcome.Malformed;
        if (octets.Length < total)
            return ProxyOutcome.More;
        if (command == CommandLocal)
            header = ProxyHeader.Own;
        else if (!TryReadProxied(octets[..total], family, transport, out header))
            return ProxyOutcome.Malformed;
        consumed = total;
        return ProxyOutcome.Read;
    }

    private static bool TryReadProxied(ReadOnlySpan<byte> whole, int family, int transport, out ProxyHeader header)
    {
        header = ProxyHeader.Own;
        var rest = whole[HeadOctets..];
        // Mail comes over streams; a datagram that is said to have made this connection is a mistake. UNSPEC has nothing that could be read.
        int? addressOctets = (family, transport) switch
        {
            (Unspecified, _) or (_, Unspecified) => 0,
            (1, Stream) => 2 * (IPv4Octets + sizeof(ushort)),
            (2, Stream) => 2 * (IPv6Octets + sizeof(ushort)),
            (3, Stream) => UnixOctets,
            _ => null,
        };
        if (family > 3 || transport > 2 || addressOctets is not { } octets || rest.Length < octets)
            return false;
        if (family == Unspecified || transport == Unspecified)
            return true;
        header = family switch
        {
            1 => Addresses(rest, IPv4Octets),
            2 => Addresses(rest, IPv6Octets),
            // Names of files say nothing of a client.
            _ => new ProxyHeader(null, null, IsOwn: false),
        };
        return ExtensionsAreGood(whole, HeadOctets + octets);
    }

    private static ProxyHeader Addresses(ReadOnlySpan<byte> octets, int length) => new(
        new IPEndPoint(new IPAddress(octets[..length]), BinaryPrimitives.ReadUInt16BigEndian(octets[(2 * length)..])),
        new IPEndPoint(new IPAddress(octets[length..(2 * length)]), BinaryPrimitives.ReadUInt16BigEndian(octets[(2 * length + sizeof(ushort))..])),
        IsOwn: false);

    /// <summary>Passes over the extensions (§2.2.3); of them only the checksum is ours to look at.</summary>
    private static bool ExtensionsAreGood(ReadOnlySpan<byte> whole, int begin)
    {
        for (var at = begin; at < whole.Length;)
        {
            if (whole.Length - at < 3)
                return false;
            var (type, length) = (whole[at], BinaryPrimitives.ReadUInt16BigEndian(whole[(at + 1)..]));
            at += 3;
            if (whole.Length - at < length || (type == TypeCrc32C && (length != Crc32COctets || !ChecksumIsGood(whole, at))))
                return false;
            at += length;
        }

        return true;
    }

    /// <summary>CRC32c over the whole header, with zeros in the checksum's own place (§2.2.4).</summary>
    private static bool ChecksumIsGood(ReadOnlySpan<byte> whole, int at)
    {
        var crc = uint.MaxValue;
        for (var i = 0; i < whole.Length; i++)
            crc = BitOperations.Crc32C(crc, i >= at && i < at + Crc32COctets ? (byte)0 : whole[i]);
        return ~crc == BinaryPrimitives.ReadUInt32BigEndian(whole[at..]);
    }
}
