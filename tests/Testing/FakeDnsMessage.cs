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

    /// <param name="records">Of the type that was asked for and the name that was asked for, unless they say otherwise.</param>
    internal byte[] Answer(int code, IReadOnlyList<FakeDnsRecord> records, bool truncated = false, FakeDnsRecord? authority = null)
    {
        using var answer = new MemoryStream();
        answer.Write(_octets.AsSpan(0, 2));
        Write16((ushort)(ResponseWithRecursion | (truncated ? TruncatedFlag : 0) | code));
        Write16(1);
        Write16((ushort)records.Count);
        Write16((ushort)(authority is null ? 0 : 1));
        Write16(0);
        answer.Write(_octets.AsSpan(HeaderOctets, _questionEnd - HeaderOctets));
        foreach (var record in authority is null ? records : [.. records, authority])
        {
            if (record.Owner is { } owner)
                answer.Write(EncodeName(owner));
            else
                Write16(PointerToQuestion);
            Write16((ushort)(record.Type ?? Type));
            Write16(1);
            Write16((ushort)(record.TimeToLive >> 16));
            Write16((ushort)record.TimeToLive);
            Write16((ushort)record.Data.Length);
            answer.Write(record.Data);
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

/// <param name="Owner"><see langword="null"/> for the name that was asked for.</param>
/// <param name="Type"><see langword="null"/> for the type that was asked for.</param>
/// <param name="TimeToLive">In seconds.</param>
internal sealed record FakeDnsRecord(byte[] Data, string? Owner = null, DnsType? Type = null, int TimeToLive = 0);
