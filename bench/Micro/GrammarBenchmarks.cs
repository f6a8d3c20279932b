using BenchmarkDotNet.Attributes;
using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Addressing;

namespace MailSuite.Bench.Micro;

/// <summary>What is parsed for every message.</summary>
[MemoryDiagnoser]
public class GrammarBenchmarks
{
    [Benchmark]
    public bool ReversePathOfMail() => ReversePath.TryRead("<joerg.mueller+lists@mail.example.net> SIZE=5120 BODY=8BITMIME", out _, out _);

    [Benchmark]
    public bool InternationalDomain() => Domain.TryParse("bücher.example", out _);

    [Benchmark]
    public object HeaderOfAMessage() => HeaderScan.Of(SampleMessage.Octets);
}
