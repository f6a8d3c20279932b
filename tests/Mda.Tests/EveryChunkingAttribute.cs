using System.Reflection;
using MailSuite.Testing;
using Xunit.Sdk;
using Xunit.v3;

namespace MailSuite.Mda.Tests;

/// <summary>Runs a dialogue twice: each turn in one piece, and one octet at a time.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryChunkingAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow(Chunking.WholeTurn), new TheoryDataRow(Chunking.ByteByByte)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
