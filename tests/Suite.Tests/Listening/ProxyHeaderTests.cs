using System.Buffers.Binary;
using System.Net;
using System.Text;
using CsCheck;
using MailSuite.Host.Listening.Proxy;

namespace MailSuite.Suite.Tests.Listening;

/// <summary>Headers of HAProxy's proxy-protocol.txt, good and bad.</summary>
public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = "\r\n\r\n\0\r\nQUIT\n"u8.ToArray();
    private static readonly byte[] IPv4 = [192, 0, 2, 1, 198, 51, 100, 2, 0xDC, 0x04, 0, 25];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n", "192.0.2.1:56324", "198.51.100.2:25")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 2001:db8::1 2001:DB8:0:0:0:0:0:2 1 0\r\n", "[2001:db8::1]:1", "[2001:db8::2]:0")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "[::ffff:192.0.2.1]:1", "[::1]:2")]
    [InlineData("PROXY UNKNOWN\r\n", null, null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", null, null)]
    public void Version_1_is_read(string text, string? source, string? destination)
    {
        var header = Read(Encoding.ASCII.GetBytes(text));
        Assert.Equal(source is null, header.IsOwn);
        Assert.Equal((source, destination), (header.Source?.ToString(), header.Destination?.ToString()));
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 25 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.1  198.51.100.2 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 65536 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 056 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 +56 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 -1 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.2 1 25\r\n")]
    [InlineData("PROXY TCP4 3221225985 198.51.100.2 1 25\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 1 25\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 192.0.2.2 1 25\r\n")]
    [InlineData("PROXY TCP6 fe80::1%eth0 fe80::2 1 25\r\n")]
    [InlineData("PROXY TCP6 [2001:db8::1] 2001:db8::2 1 25\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.2 1 25\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXX ")]
    [InlineData("proxy ")]
    [InlineData("EHLO client.example.net\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\r")]
    public void What_is_no_header_is_refused(string text) =>
        Assert.Equal(ProxyOutcome.Malformed, ProxyHeader.Read(Encoding.ASCII.GetBytes(text), out _, out _));

    [Fact]
    public void A_line_has_107_octets_and_not_108()
    {
        var longest = "PROXY UNKNOWN " + new string('x', 107 - 16) + "\r\n";
        Assert.Equal(107, longest.Length);
        Assert.True(Read(Encoding.ASCII.GetBytes(longest)).IsOwn);
        Assert.Equal(ProxyOutcome.Malformed, ProxyHeader.Read(Encoding.ASCII.GetBytes(longest.Insert(20, "x")), out _, out _));
        Assert.Equal(ProxyOutcome.More, ProxyHeader.Read(Encoding.ASCII.GetBytes(longest).AsSpan(0, 106), out _, out _));
    }

    [Fact]
    public void Version_2_is_read()
    {
        Assert.Equal(new ProxyHeader(IPEndPoint.Parse("192.0.2.1:56324"), IPEndPoint.Parse("198.51.100.2:25"), false), Read(V2(0x21, 0x11, IPv4)));
        byte[] ipv6 = [.. IPAddress.Parse("2001:db8::1").GetAddressBytes(), .. IPAddress.Parse("2001:db8::2").GetAddressBytes(), 0, 1, 0, 25];
        Assert.Equal(new ProxyHeader(IPEndPoint.Parse("[2001:db8::1]:1"), IPEndPoint.Parse("[2001:db8::2]:25"), false), Read(V2(0x21, 0x21, ipv6)));
        Assert.Equal(new ProxyHeader(null, null, false), Read(V2(0x21, 0x31, new byte[216])));
        Assert.Equal(ProxyHeader.Own, Read(V2(0x21, 0x00, [])));
        Assert.Equal(ProxyHeader.Own, Read(V2(0x21, 0x00, [1, 2, 3])));
        Assert.Equal(ProxyHeader.Own, Read(V2(0x20, 0x00, [])));
        // A health check: the family and all that follows count for nothing.
        Assert.Equal(ProxyHeader.Own, Read(V2(0x20, 0x11, IPv4)));
        Assert.Equal(ProxyHeader.Own, Read(V2(0x20, 0xFF, [1, 2])));
    }

    [Theory]
    [InlineData(0x11, 0x11)] // version 1
    [InlineData(0x31, 0x11)] // version 3
    [InlineData(0x22, 0x11)] // no such command
    [InlineData(0x21, 0x12)] // a datagram
    [InlineData(0x21, 0x13)] // no such transport
    [InlineData(0x21, 0x41)] // no such family
    [InlineData(0x21, 0x43)]
    [InlineData(0x21, 0x03)]
    [InlineData(0x21, 0x40)]
    [InlineData(0x21, 0x21)] // too short for IPv6
    [InlineData(0x21, 0x31)] // too short for Unix
    public void Version_2_refuses_what_it_does_not_know(int command, int family) =>
        Assert.Equal(ProxyOutcome.Malformed, ProxyHeader.Read(V2((byte)command, (byte)family, IPv4), out _, out _));

    [Fact]
    public void Extensions_are_passed_over_and_must_be_whole()
    {
        byte[] alpn = [0x01, 0, 2, (byte)'h', (byte)'2'];
        byte[] nothing = [0x04, 0, 0];
        Assert.Equal("192.0.2.1:56324", Read(V2(0x21, 0x11, [.. IPv4, .. alpn, .. nothing])).Source!.ToString());
        foreach (var octets in new byte[][] { [0x01], [0x01, 0], [0x01, 0, 3, 1, 2], [.. nothing, 0x05] })
            Assert.Equal(ProxyOutcome.Malformed, ProxyHeader.Read(V2(0x21, 0x11, [.. IPv4, .. octets]), out _, out _));
    }

    /// <summary>The sum was computed by hand with the polynomial 0x1EDC6F41, as RFC 3720 §B.4 has its test values.</summary>
    [Fact]
    public void A_checksum_must_be_right()
    {
        byte[] good = V2(0x21, 0x11, [.. IPv4, 0x03, 0, 4, 0, 0, 0, 0]);
        BinaryPrimitives.WriteUInt32BigEndian(good.AsSpan(good.Length - 4), Crc32C(good));
        Assert.Equal("192.0.2.1:56324", Read(good).Source!.ToString());
        Assert.Equal(0xE3069283, Crc32C("123456789"u8));
        for (var i = 16; i < good.Length; i++)
        {
            if (i is 28 or 29 or 30)
                continue; // another type or length is another extension
            var bad = good.ToArray();
            bad[i] ^= 1;
            Assert.Equal(ProxyOutcome.Malformed, ProxyHeader.Read(bad, out _, out _));
        }

        Assert.Equal(ProxyOutcome.Malformed, ProxyHeader.Read(V2(0x21, 0x11, [.. IPv4, 0x03, 0, 3, 0, 0, 0]), out _, out _));
    }

    [Fact]
    public void A_header_has_4096_octets_and_not_4097()
    {
        byte[] Padded(int total) => V2(0x21, 0x11, [.. IPv4, 0x04, .. Big(total - 16 - IPv4.Length - 3), .. new byte[total - 16 - IPv4.Length - 3]]);
        Assert.Equal("192.0.2.1:56324", Read(Padded(4096)).Source!.ToString());
        Assert.Equal(ProxyOutcome.Malformed, ProxyHeader.Read(Padded(4097), out _, out _));
        Assert.Equal(ProxyOutcome.Malformed, ProxyHeader.Read(Padded(4097).AsSpan(0, 16), out _, out _));
    }

    [Fact]
    public void Every_beginning_of_a_good_header_waits_for_the_rest_and_nothing_behind_it_is_touched()
    {
        foreach (var header in new[] { "PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n"u8.ToArray(), V2(0x21, 0x11, [.. IPv4, 0x04, 0, 1, 9]), V2(0x20, 0, []) })
        {
            for (var i = 0; i < header.Length; i++)
            {
                Assert.Equal(ProxyOutcome.More, ProxyHeader.Read(header.AsSpan(0, i), out _, out var none));
                Assert.Equal(0, none);
            }

            Assert.Equal(ProxyOutcome.Read, ProxyHeader.Read([.. header, .. "EHLO a\r\n"u8], out _, out var consumed));
            Assert.Equal(header.Length, consumed);
        }
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused() => Gen.OneOf(
        Gen.Byte.Array[0, 300],
        Gen.Byte.Array[0, 120].Select(octets => (byte[])[.. "PROXY TCP4 "u8, .. octets, 13, 10]),
        Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte.Array[0, 300]).Select((command, family, rest) => V2(command, family, rest)),
        Gen.Select(Gen.Int[0, 3], Gen.Byte.Array[0, 300]).Select((family, rest) => V2(0x21, (byte)((family << 4) | 1), rest)),
        Gen.Select(Gen.Int[0, 15], Gen.Byte, Gen.Byte.Array[0, 20]).Select((at, value, rest) =>
        {
            var octets = V2(0x21, 0x11, [.. IPv4, .. rest]);
            octets[at] = value;
            return octets;
        })).Sample(octets =>
    {
        var outcome = ProxyHeader.Read(octets, out _, out var consumed);
        Assert.InRange(consumed, outcome == ProxyOutcome.Read ? 15 : 0, outcome == ProxyOutcome.Read ? octets.Length : 0);
    });

    private static ProxyHeader Read(byte[] octets)
    {
        Assert.Equal(ProxyOutcome.Read, ProxyHeader.Read(octets, out var header, out var consumed));
        Assert.Equal(octets.Length, consumed);
        return header;
    }

    private static byte[] V2(byte command, byte family, ReadOnlySpan<byte> rest) => [.. Signature, command, family, .. Big(rest.Length), .. rest];

    private static byte[] Big(int number) => [(byte)(number >> 8), (byte)number];

    private static uint Crc32C(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        foreach (var octet in octets)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return ~crc;
    }
}
