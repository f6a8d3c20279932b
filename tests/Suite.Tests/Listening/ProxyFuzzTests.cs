using MailSuite.Host.Listening.Proxy;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Suite.Tests.Listening;

/// <summary>Whatever a proxy sends is read or refused, the same in one piece and in parts.</summary>
public sealed class ProxyFuzzTests
{
    private const string Version2 = "\r\n\r\n\0\r\nQUIT\n";

    private static readonly string[] Headers =
    [
        "PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n", "PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n", "PROXY UNKNOWN\r\n", "PROXY UNKNOWN x y\r\nEHLO a\r\n",
        Version2 + "\u0021\u0011\0\u000c" + "\u00c0\0\u0002\u0001\u00c6\u0033\u0064\u0002\u00dc\u0004\0\u0019" + "EHLO a\r\n",
        Version2 + "\u0020\0\0\0", Version2 + "\u0021\u0021\0\u0024" + "\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0002\0\u0019\0\u0019",
        Version2 + "\u0021\u0011\0\u0012" + "\u00c0\0\u0002\u0001\u00c6\u0033\u0064\u0002\u00dc\u0004\0\u0019\u0001\0\u0003abc",
    ];

    private static readonly string[] Words = ["\r\n", "\n", "\r", "\0", " ", "PROXY ", "TCP4", "TCP6", "UNKNOWN", "::", "0", "255", "65536", "00", "\u0021", "\u0011", "\u0003", "\u00ff\u00ff", Version2, "\u0003\0\u0004abcd"];

    private static readonly FunctionTarget Target = new("PROXY header", random => new Mutator(random).Text(Headers, Words), Check);

    [Fact]
    public async Task Holds_for_whatever_comes()
    {
        var result = await FuzzCampaign.RunAsync([Target], Target.Name, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Findings.Count == 0, $"{result}\n{string.Join("\n\n", result.Findings)}");
    }

    private static void Check(FuzzInput input)
    {
        var octets = input.Octets;
        var outcome = ProxyHeader.Read(octets, out var header, out var consumed);
        FuzzException.Unless(consumed <= octets.Length && consumed > 0 == (outcome == ProxyOutcome.Read), "a header of another length", $"{consumed} of {octets.Length}");
        FuzzException.Unless(outcome != ProxyOutcome.More || octets.Length < ProxyHeader.MaxOctets, "a header without end", $"{octets.Length}");
        if (outcome != ProxyOutcome.Read)
            return;

        for (var length = 0; length < consumed; length++)
            FuzzException.Unless(ProxyHeader.Read(octets.AsSpan(0, length), out _, out _) == ProxyOutcome.More, "a part that is taken for the whole", $"{length} of {consumed}");
        FuzzException.Unless(
            ProxyHeader.Read(octets.AsSpan(0, consumed), out var again, out var same) == ProxyOutcome.Read && same == consumed && again.Equals(header), "a header that depends on what follows", $"{header}");
    }
}
