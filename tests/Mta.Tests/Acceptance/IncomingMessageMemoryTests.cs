using System.Buffers;
using MailSuite.Mta.Acceptance;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Acceptance;

/// <summary>What a message costs. The runtime counts for the whole process, so that nothing else may run meanwhile.</summary>
[Collection(nameof(IncomingMessageMemoryTests))]
[CollectionDefinition(nameof(IncomingMessageMemoryTests), DisableParallelization = true)]
public sealed class IncomingMessageMemoryTests
{
    [Fact]
    public async Task A_large_message_costs_little_memory()
    {
        using var directory = new TempDirectory();
        var block = new byte[64 * 1024];
        using var message = new IncomingMessage(IncomingMessageTests.Incoming(directory), 256 * 1024, 0);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 800; i++)
        {
            message.Write(block);
            await message.SpillAsync();
        }

        await message.CompleteAsync("Received: x\r\n"u8.ToArray());
        Assert.Equal((800L * block.Length) + 13, message.Octets);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 20 * 1024 * 1024);
    }
}
