using System.Buffers;
using BenchmarkDotNet.Attributes;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Bench.Micro;

/// <summary>A message of 5 KiB through the dots, in the direction of the server and of the client.</summary>
[MemoryDiagnoser]
public class DotStuffingBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(16 * 1024);
    private readonly byte[] _wire = ToWire();

    [Benchmark]
    public DotOutcome Decode()
    {
        _output.ResetWrittenCount();
        return new DotDecoder(64 * 1024).Decode(_wire, _output, out _);
    }

    [Benchmark]
    public int Encode()
    {
        _output.ResetWrittenCount();
        var encoder = new DotEncoder();
        encoder.Encode(SampleMessage.Octets, _output);
        encoder.Finish(_output);
        return _output.WrittenCount;
    }

    private static byte[] ToWire()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new DotEncoder();
        encoder.Encode(SampleMessage.Octets, output);
        encoder.Finish(output);
        return output.WrittenSpan.ToArray();
    }
}
