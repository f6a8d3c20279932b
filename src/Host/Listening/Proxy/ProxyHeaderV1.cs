using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailSuite.Host.Listening.Proxy;

/// <summary>Version 1, one line of text: <c>PROXY TCP4 192.0.2.1 198.51.100.2 56324 25</c> CRLF (proxy-protocol.txt §2.1).</summary>
internal static class ProxyHeaderV1
{
    internal const byte FirstOctet = (byte)'P';

    /// <summary>Octets of the longest line, its CRLF included.</summary>
    internal const int MaxOctets = 107;

    private const string Unknown = "UNKNOWN";

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static ProxyOutcome Read(ReadOnlySpan<byte> octets, out ProxyHeader header, out int consumed)
    {
        header = default;
        consumed = 0;
        if (!ProxyHeader.BeginsWith(octets, "PROXY "u8))
            return ProxyOutcome.Malformed;

        var window = octets[..Math.Min(octets.Length, MaxOctets)];
        var end = window.IndexOf("\r\n"u8);
        if (end < 0)
            return window.Length < MaxOctets ? ProxyOutcome.More : ProxyOutcome.Malformed;
        if (!TryReadLine(Encoding.Latin1.GetString(window["PROXY "u8.Length..end]), out header))
            return ProxyOutcome.Malformed;
        consumed = end + 2;
        return ProxyOutcome.Read;
    }

    private static bool TryReadLine(ReadOnlySpan<char> line, out ProxyHeader header)
    {
        header = ProxyHeader.Own;
        // What follows UNKNOWN is not looked at.
        if (line is Unknown || line.StartsWith($"{Unknown} ", StringComparison.Ordinal))
            return true;

        Span<Range> words = stackalloc Range[6];
        if (line.Split(words, ' ') != 5)
            return false;
        var family = line[words[0]] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        if (!TryReadAddress(line[words[1]], family, out var source) || !TryReadAddress(line[words[2]], family, out var destination)
            || !TryReadPort(line[words[3]], out var sourcePort) || !TryReadPort(line[words[4]], out var destinationPort))
            return false;
        header = new ProxyHeader(new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort), IsOwn: false);
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<char> word, AddressFamily family, out IPAddress address)
    {
        address = IPAddress.None;
        // Only the usual notation: no scope, no brackets, no number that stands for an address.
        if (word.ContainsAnyExcept(AddressCharacters) || (family == AddressFamily.InterNetwork && word.Count('.') != 3))
            return false;
        if (!IPAddress.TryParse(word, out var parsed) || parsed.AddressFamily != family)
            return false;
        address = parsed;
        return true;
    }

    /// <summary>"Heading zeroes are not permitted."</summary>
    private static bool TryReadPort(ReadOnlySpan<char> word, out ushort port) =>
        ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out port) && (word.Length == 1 || word[0] != '0');
}
