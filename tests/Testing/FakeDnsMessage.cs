using System.Buffers.Binary;
using System.Text;

namespace MailSuite.Testing;

/// <summary>As much of the DNS message format (RFC 1035 §4) as <see cref="FakeDnsServer"/> speaks: one question in, records of one type out.</summary>
internal sealed class FakeDnsMessage
{
    internal const int NoError = 0;
    internal const int ServFail = 2;
    internal const int NxDomain = 3;

    private const int HeaderOctets = 12;
    private const ushort ResponseWithRecursion = 0x8180;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort PointerToQuestion = 0xC000 | HeaderOctets;

    private readonly byte[] _octets;
    private readonly int _questionEnd;

    private FakeDnsMessage(byte[] octets, int questionEnd, string name, DnsType type)
    {
        _octets = octets;
        _questionEnd = questionEnd;
        Name = name;
        Type = type;
    }

    internal string Name { get; }

    internal DnsType Type { get; }

    internal static FakeDnsMessage Read(byte[] octets)
    {
        var labels = new List<string>();
        var at = HeaderOctets;
        while (octets[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(octets, at + 1, octets[at]));
            at += octets[at] + 1;
        }

        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(at + 1));
        return new FakeDnsMessage(octets, at + 5, string.Join('.', labels).ToLowerInvariant(), type);
    }

    internal byte[] Answer(int code, IReadOnlyList<byte[]> records, bool truncated = false)
    {
        using var answer = new MemoryStream();
        answer.Write(_octets.AsSpan(0, 2));
        Write16((ushort)(ResponseWithRecursion | (truncated ? TruncatedFlag : 0) | code));
        Write16(1);
        Write16((ushort)records.Count);
        Write16(0);
        Write16(0);
        answer.Write(_octets.AsSpan(HeaderOctets, _questionEnd - HeaderOctets));
        foreach (var data in records)
        {
            Write16(PointerToQuestion);
            Write16((ushort)Type);
            Write16(1);
            Write16(0);
            Write16(0); // A time to live of nothing: a test may change its mind.
            Write16((ushort)data.Length);
            answer.Write(data);
        }

        return answer.ToArray();

        void Write16(ushort value)
        {
            Span<byte> octets = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(octets, value);
            answer.Write(octets);
        }
    }

    internal static byte[] EncodeName(string name)
    {
        using var encoded = new MemoryStream();
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            encoded.WriteByte((byte)label.Length);
            encoded.Write(Encoding.ASCII.GetBytes(label));
        }

        encoded.WriteByte(0);
        return encoded.ToArray();
    }
}
